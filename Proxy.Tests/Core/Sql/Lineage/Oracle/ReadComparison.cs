using Proxy.Core.Catalogue;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Tests.Core.Sql.Lineage.Oracle;

/// <summary>Our read sets against the server's, counted.</summary>
internal sealed class ReadComparison
{
    private const uint FirstUnpinned = 12_000;
    private readonly Dictionary<string, int> _opaque = new(StringComparer.Ordinal);

    public int Compared { get; private set; }

    /// <summary>How many we read no more of than the server says.</summary>
    public int Exact { get; private set; }

    /// <summary>Of those, how many use a whole row, of which the server records no column.</summary>
    public int WholeRows { get; private set; }

    /// <summary>How many call functions of users, and read more: in their bodies.</summary>
    public int Bodies { get; private set; }

    /// <summary>Statements that are not understood: they count as reading every column of each relation that they name, and are refused where one has PHI.</summary>
    public int Opaque => _opaque.Values.Sum();

    /// <summary>Of those, in how many the columns that were found contain the server's all the same.</summary>
    public int OpaqueButRead { get; private set; }

    /// <summary>What such a statement reads at the server of relations that it does not name.</summary>
    public List<string> OpaqueMissed { get; } = [];

    /// <summary>What the server reads and we do not.</summary>
    public List<string> Missed { get; } = [];

    /// <summary>What we read and the server does not.</summary>
    public List<string> Exceeding { get; } = [];

    /// <summary>Why statements are opaque, the most frequent reason first.</summary>
    public IEnumerable<string> OpaqueReasons => _opaque.OrderByDescending(static reason => reason.Value).Select(static reason => $"{reason.Value} {reason.Key}");

    public string Figures =>
        $"{Compared} statements: {Compared - Missed.Count} contain the server's reads, {Exact} read exactly as much ({WholeRows} of them whole rows), "
        + $"{Exceeding.Count} more ({100.0 * Exceeding.Count / Math.Max(1, Compared):0.0} %), {Bodies} more in bodies of functions; {Opaque} others opaque to us, "
        + $"of which {Opaque - OpaqueMissed.Count} name every relation that the server reads and {OpaqueButRead} its columns, too";

    /// <param name="statement">Where it stands, and its text.</param>
    /// <param name="lineage">What we say of it.</param>
    /// <param name="named">The relations that it names, in any of their meanings.</param>
    /// <param name="server">What the server says.</param>
    public void Add(string statement, StatementLineage? lineage, IReadOnlySet<uint> named, ServerReads server)
    {
        if (lineage is null or { IsOpaque: true })
        {
            var found = lineage?.Reads.Columns.Select(static column => (column.Relation.Oid, column.Column.Number)).ToHashSet() ?? [];
            if (server.Columns.IsSubsetOf(found))
                OpaqueButRead++;
            var missing = server.Columns.Where(column => !found.Contains(column) && !named.Contains(column.Relation)).ToList();
            if (missing.Count > 0)
                OpaqueMissed.Add($"{string.Join(' ', missing)} of {statement}");
            var reason = lineage?.Findings.FirstOrDefault() ?? "no tree";
            if (lineage is { HasUnresolvedNames: true })
                reason += $": {statement}";
            _opaque[reason] = _opaque.GetValueOrDefault(reason) + 1;
            return;
        }
        Compared++;
        // A write whose place is not known can be any of its relation's columns. EXCLUDED is listed by the server with all its columns, named or not.
        var anywhere = lineage.Writes.Where(write => write.Column is null || server.ListsExcluded).Select(static write => write.Relation.Oid).ToHashSet();
        var written = lineage.Writes.Where(static write => write.Column is not null).Select(static write => (write.Relation.Oid, write.Column!.Number)).ToHashSet();
        var read = lineage.Reads.Columns.ToDictionary(static column => (column.Relation.Oid, column.Column.Number));
        var missed = server.Columns.Where(column => !read.ContainsKey(column) && !written.Contains(column) && !anywhere.Contains(column.Relation)).ToList();
        if (missed.Count > 0)
            Missed.Add($"{string.Join(' ', missed)} of {statement}");
        var more = read.Where(column => IsRecorded(column.Value.Relation) && !server.Columns.Contains(column.Key) && !written.Contains(column.Key)).Select(static column => column.Value).ToList();
        if (more.Count == 0)
            Exact++;
        else if (server.CallsUsersFunction)
            Bodies++;
        else if (server.HasWholeRow)
        {
            Exact++;
            WholeRows++;
        }
        else
            Exceeding.Add($"{string.Join(' ', more)} of {statement}");
    }

    // The server's own tables are pinned: nothing records that it depends on them.
    private static bool IsRecorded(CatalogueRelation relation) => relation.Oid >= FirstUnpinned;
}
