using System.Text.Json;
using Microsoft.Data.Sqlite;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal.Records;
using Proxy.Core.Masking;
using Proxy.Core.Policy;

namespace Proxy.Host.Evidence.Index;

/// <summary>One statement as the index has it; the row of an export. Holds nothing that is sealed.</summary>
public sealed class StatementRow
{
    public long Number { get; init; }
    public DateTime Time { get; init; }
    public string Session { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Issuer { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Human { get; init; } = "";
    public string Target { get; init; } = "";
    public string Database { get; init; } = "";
    public string Fingerprint { get; init; } = "";
    public string Risk { get; init; } = "";
    public string Verdict { get; init; } = "";
    public string Profile { get; init; } = "";
    public string Rule { get; init; } = "";
    public string PolicyVersion { get; init; } = "";
    public string Relations { get; init; } = "";
    public string PhiClasses { get; init; } = "";
    public string Refusal { get; init; } = "";
    public string Status { get; init; } = "";
    public string SqlState { get; init; } = "";
    public long Rows { get; init; }
    public long MaskedColumns { get; init; }
    public long AnswerBytes { get; init; }
    public long ElapsedMicroseconds { get; init; }

    internal const string Columns = """
        s.number, s.time, s.session, s.kind, n.issuer, n.subject, n.agent, n.human, n.target, n.database, s.fingerprint, s.risk, s.verdict, s.profile,
        s.rule, s.policy, s.relations, s.classes, s.refusal, s.status, s.sqlstate, s.rows, s.masked_columns, s.bytes, s.elapsed
        """;

    internal static StatementRow Read(SqliteDataReader reader)
    {
        string Text(int column) => reader.IsDBNull(column) ? "" : reader.GetString(column);
        long Number(int column) => reader.IsDBNull(column) ? 0 : reader.GetInt64(column);
        return new StatementRow
        {
            Number = Number(0),
            Time = new DateTime(Number(1), DateTimeKind.Utc),
            Session = Text(2),
            Kind = Text(3),
            Issuer = Text(4),
            Subject = Text(5),
            Agent = Text(6),
            Human = Text(7),
            Target = Text(8),
            Database = Text(9),
            Fingerprint = Text(10),
            Risk = string.Join(' ', Enum.GetValues<RiskClasses>().Where(one => one != RiskClasses.None && ((RiskClasses)Number(11)).HasFlag(one)).Select(one => Name(one))),
            Verdict = Name((Verdict)Number(12)),
            Profile = Name((MaskProfile)Number(13)),
            Rule = Text(14),
            PolicyVersion = Text(15),
            Relations = Text(16),
            PhiClasses = string.Join(' ', IdentifierClassNames.In((ulong)Number(17)).Select(IdentifierClassNames.Format)),
            Refusal = Text(18),
            Status = reader.IsDBNull(19) ? reader.IsDBNull(18) ? "open" : "refused" : Name((OutcomeStatus)Number(19)),
            SqlState = Text(20),
            Rows = Number(21),
            MaskedColumns = Number(22),
            AnswerBytes = Number(23),
            ElapsedMicroseconds = Number(24),
        };
    }

    private static string Name<TEnum>(TEnum value) where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
