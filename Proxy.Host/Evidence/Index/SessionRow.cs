using Microsoft.Data.Sqlite;

namespace Proxy.Host.Evidence.Index;

/// <summary>One session as the index has it. Holds nothing that is sealed.</summary>
public sealed class SessionRow
{
    /// <summary>The record that opened it.</summary>
    public long Number { get; init; }
    public string Session { get; init; } = "";
    public DateTime Opened { get; init; }

    /// <summary>Null while it is open, or where nobody saw its end.</summary>
    public DateTime? Closed { get; init; }
    public string Issuer { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Human { get; init; } = "";
    public string Groups { get; init; } = "";
    public string TokenId { get; init; } = "";
    public string Grant { get; init; } = "";
    public string Task { get; init; } = "";
    public string Workload { get; init; } = "";
    public string SignInMethod { get; init; } = "";

    /// <summary>How each fact is known, such as <c>agent=verified human=mapped</c>.</summary>
    public string KnownAs { get; init; } = "";
    public string Client { get; init; } = "";
    public string Target { get; init; } = "";
    public string Database { get; init; } = "";
    public string PolicyVersion { get; init; } = "";
    public string EndedBecause { get; init; } = "";

    internal const string Columns =
        "number, session, opened, closed, issuer, subject, agent, human, groups, token, grant_id, task, workload, method, known, client, target, database, policy, reason";

    internal static SessionRow Read(SqliteDataReader reader)
    {
        string Text(int column) => reader.IsDBNull(column) ? "" : reader.GetString(column);
        return new SessionRow
        {
            Number = reader.GetInt64(0),
            Session = Text(1),
            Opened = new DateTime(reader.GetInt64(2), DateTimeKind.Utc),
            Closed = reader.IsDBNull(3) ? null : new DateTime(reader.GetInt64(3), DateTimeKind.Utc),
            Issuer = Text(4),
            Subject = Text(5),
            Agent = Text(6),
            Human = Text(7),
            Groups = Text(8),
            TokenId = Text(9),
            Grant = Text(10),
            Task = Text(11),
            Workload = Text(12),
            SignInMethod = Text(13),
            KnownAs = Text(14),
            Client = Text(15),
            Target = Text(16),
            Database = Text(17),
            PolicyVersion = Text(18),
            EndedBecause = Text(19),
        };
    }
}
