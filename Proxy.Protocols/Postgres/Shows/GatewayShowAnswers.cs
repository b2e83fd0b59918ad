using System.Text;
using System.Text.Json;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres.Shows;

/// <summary>The rows of PhiGate's own SHOWs, as text: what the session is, and how its last answer was masked. Owned by the reply relay.</summary>
internal sealed class GatewayShowAnswers(IStatementJudge judge)
{
    /// <summary>The session's last answer with columns.</summary>
    public LastAnswer Last { get; } = new();

    /// <summary>Puts the rows into <paramref name="toClient"/> and returns how many they were.</summary>
    public int Answer(GatewayShow show, Outbound toClient)
    {
        var rows = show.IsMasks ? Masks() : [.. judge.DescribeSession().Select(static line => new[] { line.Key, line.Value })];
        if (rows.Count == 0) return 0;
        var writer = new MessageWriter();
        foreach (var row in rows)
        {
            writer.Begin(BackendCode.DataRow).Int16((short)row.Length);
            foreach (var value in row)
                writer.Int32(Encoding.UTF8.GetByteCount(value)).Bytes(Encoding.UTF8.GetBytes(value));
            writer.End();
        }

        toClient.Insert(writer.ToArray());
        return rows.Count;
    }

    private List<string[]> Masks()
    {
        var rows = new List<string[]>();
        if (Last.Judgement is not { } judgement || !ResultPlanning.TryDecode(Last.Body, out var columns)) return rows;
        // Planned again, because a statement that was only described has no plan yet; the profile is what it was then.
        var plan = judgement.PlanFor(Last.Statement, columns);
        var profile = Word(judgement.Decision.Profile);
        var names = new WireReader(Last.Body);
        names.ReadInt16();
        for (var i = 0; i < columns.Length; i++)
        {
            var name = Encoding.UTF8.GetString(names.ReadCString());
            names.ReadBytes(RowDescription.ColumnBytes);
            var explained = MaskExplanation.Of(i, columns, plan[i], judgement, Last.Statement);
            rows.Add([name, explained.Shown, explained.Why, profile]);
        }

        return rows;
    }

    /// <summary>As rules.yaml spells it.</summary>
    private static string Word(MaskProfile profile) => JsonNamingPolicy.KebabCaseLower.ConvertName(profile.ToString());
}
