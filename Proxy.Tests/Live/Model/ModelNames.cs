using System.Text;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model;

/// <summary>Asks a server which names there are, and compares what it says with what the ledger believes.</summary>
internal static class ModelNames
{
    private const string Question = "select 's:' || name from pg_prepared_statements union all select 'p:' || name from pg_cursors";
    private static readonly string[] Statements = ["", "s1", "s2", "s3", "u1", "r1"];
    private static readonly string[] Portals = ["p1", "p2", "p3", "c1", "c2", ""];

    /// <summary>All named ones at once; for a session that is not in a failed transaction.</summary>
    public static byte[] Probe { get; } =
    [
        .. PostgresRequests.Parse("probe", Question), .. PostgresRequests.Bind("probe", "probe"), .. PostgresRequests.Execute("probe"),
        .. PostgresRequests.CloseStatement("probe"), .. PostgresRequests.ClosePortal("probe"),
    ];

    /// <param name="frames">The answer to <see cref="Probe"/>.</param>
    /// <param name="statements">Those that the ledger believes in.</param>
    /// <param name="portals">The same.</param>
    /// <param name="unconfirmed">Statements that the server may have besides; null for none.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Compare(
        IReadOnlyList<WireFrame> frames, IReadOnlyList<string> statements, IReadOnlyList<string> portals, IReadOnlySet<string>? unconfirmed = null)
    {
        var server = frames.Where(frame => frame.Type == 'D').Select(frame => Encoding.UTF8.GetString(frame.Body.AsSpan(6)))
            .Where(name => name is not ("s:probe" or "p:probe"))
            .Where(name => unconfirmed is null || !name.StartsWith("s:", StringComparison.Ordinal) || !unconfirmed.Contains(name[2..]) || statements.Contains(name[2..]))
            .Order(StringComparer.Ordinal).ToList();
        var ledger = statements.Where(name => name.Length > 0).Select(name => $"s:{name}").Concat(portals.Select(name => $"p:{name}"))
            .Order(StringComparer.Ordinal).ToList();
        return server.SequenceEqual(ledger) ? null : $"the ledger has {string.Join(" ", ledger)}; the server has {string.Join(" ", server)}";
    }

    /// <summary>
    /// The name that a text prepares with its last statement, or null. That statement's reply comes behind the commit: should the commit fail, the
    /// statement is there, and the client was told of a failure (see RedefinedNamesTests).
    /// </summary>
    public static string? PreparedLast(ReadOnlySpan<byte> message)
    {
        if (message is not [(byte)'Q', ..]) return null;
        var words = Encoding.UTF8.GetString(message[5..^1]).Split(';')[^1].Split([' ', '('], StringSplitOptions.RemoveEmptyEntries);
        return words is ["prepare", var name, ..] ? name : null;
    }

    /// <summary>Which portals can be asked for one by one.</summary>
    public static string[] AskedPortals(char status, IReadOnlyList<string> portals) =>
        // A Query or Bind that failed in a block leaves its portal behind, dead but with a name, until the block ends. Nobody can use it.
        status == 'E' ? [.. portals] : Portals;

    /// <summary>Every name there can be, one by one, in whatever state the session is.</summary>
    public static byte[] ProbeEach(string[] portals)
    {
        var questions = new List<byte>();
        foreach (var name in Statements)
            questions.AddRange([.. PostgresRequests.DescribeStatement(name), .. PostgresRequests.Sync()]);
        foreach (var name in portals)
            questions.AddRange([.. PostgresRequests.DescribePortal(name), .. PostgresRequests.Sync()]);
        return [.. questions];
    }

    /// <returns>What is wrong with the answers to <see cref="ProbeEach"/>, or null.</returns>
    public static string? CompareEach(IReadOnlyList<WireFrame> frames, string[] asked, IReadOnlyList<string> statements, IReadOnlyList<string> portals)
    {
        var answer = 0;
        string? code = null;
        foreach (var frame in frames)
        {
            if (frame.Type == WireFrame.ErrorResponse) code = frame.Field('C');
            if (frame.Type != WireFrame.ReadyForQuery) continue;
            if (answer == Statements.Length + asked.Length) break; // What follows are the player's marks.
            var isStatement = answer < Statements.Length;
            var name = isStatement ? Statements[answer] : asked[answer - Statements.Length];
            var exists = code is not ("26000" or "34000");
            if (exists != (isStatement ? statements : portals).Contains(name))
                return $"{(isStatement ? "statement" : "portal")} '{name}' {(exists ? "exists" : "does not exist")} at the server; the ledger believes otherwise";
            code = null;
            answer++;
        }

        return null;
    }
}
