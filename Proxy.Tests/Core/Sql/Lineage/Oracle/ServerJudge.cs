using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Proxy.Tests.Core.Sql.Lineage.Oracle;

/// <summary>
/// Asks a server what a statement reads, without running it: pg_depend of a temporary view, and of a function with the statement as its body for what
/// no view can be (a change, two columns of one name).
/// </summary>
internal sealed partial class ServerJudge(NpgsqlConnection connection)
{
    private const string DuplicateColumn = "42701";

    private const string OfView = """
        select d.refclassid = 'pg_class'::regclass, d.refobjid, d.refobjsubid::int2, r.ev_action::text
        from pg_rewrite r left join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid in ('pg_class'::regclass, 'pg_proc'::regclass)
            and d.refobjid <> r.ev_class
        where r.ev_class = 'pg_temp.judged'::regclass
        """;

    private const string OfFunction = """
        select d.refclassid = 'pg_class'::regclass, d.refobjid, d.refobjsubid::int2, f.prosqlbody::text
        from pg_proc f left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = f.oid and d.refclassid in ('pg_class'::regclass, 'pg_proc'::regclass)
        where f.oid = 'pg_temp.judged'::regproc
        """;

    /// <summary>Null when the server does not take the statement.</summary>
    public async Task<ServerReads?> ReadsAsync(string statement, bool isSelect)
    {
        var (reads, error) = isSelect ? await TryAsync($"create temp view judged as {statement}", OfView) : (null, DuplicateColumn);
        if (error == DuplicateColumn)
            (reads, _) = await TryAsync($"create function pg_temp.judged() returns void language sql begin atomic {statement}; end", OfFunction);
        return reads;
    }

    private async Task<(ServerReads? Reads, string? Error)> TryAsync(string create, string ask)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { new NpgsqlBatchCommand(create), new NpgsqlBatchCommand(ask) },
        };
        try
        {
            await using var reader = await batch.ExecuteReaderAsync();
            return (await ReadAsync(reader), null);
        }
        catch (PostgresException e)
        {
            return (null, e.SqlState);
        }
    }

    private static async Task<ServerReads> ReadAsync(NpgsqlDataReader reader)
    {
        var columns = new HashSet<(uint, short)>();
        var callsFunction = false;
        HashSet<uint>? ranges = null;
        var (hasWholeRow, listsExcluded) = (false, false);
        while (await reader.ReadAsync())
        {
            var tree = reader.GetString(3);
            // The type of a row depends on columns, too, without anything being read: only relations of FROM and targets count.
            ranges ??= [.. Ranges().Matches(tree).Select(static match => uint.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
            hasWholeRow |= tree.Contains(":varattno 0 ", StringComparison.Ordinal);
            listsExcluded |= tree.Contains(":exclRelTlist ({", StringComparison.Ordinal);
            if (await reader.IsDBNullAsync(0))
                continue;
            if (!reader.GetBoolean(0))
                callsFunction = true;
            else if (reader.GetInt16(2) is > 0 and var number && ranges.Contains(reader.GetFieldValue<uint>(1)))
                columns.Add((reader.GetFieldValue<uint>(1), number));
        }
        return new ServerReads(columns, hasWholeRow, callsFunction, listsExcluded);
    }

    [GeneratedRegex(@":rtekind 0 :relid (\d+)")]
    private static partial Regex Ranges();
}
