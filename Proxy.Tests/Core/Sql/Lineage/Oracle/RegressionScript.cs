using System.Data;
using System.Text.RegularExpressions;
using Npgsql;
using Proxy.Core.Sql;
using Proxy.Tests.Core.Catalogue;
using Proxy.Tests.Core.Sql.Postgres.Building;

namespace Proxy.Tests.Core.Sql.Lineage.Oracle;

/// <summary>
/// One of PostgreSQL's regression scripts, taken apart: what makes its schema, and what queries and changes it. Nothing is dropped, taken back or
/// renamed between, so that as many statements as possible find what they are about.
/// </summary>
internal sealed partial class RegressionScript(string text)
{
    private readonly string[] _statements = [.. SqlScript.Statements(text).Select(static statement => Comments().Replace(statement, ""))];

    /// <summary>Makes what the script makes; what fails is left out, as C functions that are not built here.</summary>
    public async Task MakeSchemaAsync(NpgsqlConnection connection)
    {
        foreach (var statement in _statements)
            if (Makes().IsMatch(statement) && !Elsewhere().IsMatch(statement))
                await TryAsync(connection, Temporary().Replace(statement, "create $1"));
    }

    /// <summary>Its queries and changes with their trees, those inside EXPLAIN included; the search path is set on the way as the script does.</summary>
    public async IAsyncEnumerable<(string Text, StatementReading Reading)> QueriesAsync(NpgsqlConnection connection)
    {
        await TryAsync(connection, "reset search_path");
        foreach (var statement in _statements)
        {
            if (SearchPath().IsMatch(statement))
                await TryAsync(connection, statement);
            var query = Explained().Replace(statement, "");
            if (Queries().IsMatch(query) && await ReadAsync(query) is { } reading)
                yield return (query, reading);
        }
    }

    private static async Task<StatementReading?> ReadAsync(string query)
    {
        try
        {
            return await Reader.ReadAllAsync(query) is [{ Kind: StatementKind.Select or StatementKind.Insert or StatementKind.Update or StatementKind.Delete or StatementKind.Merge } only] ? only : null;
        }
        catch (InvalidOperationException)
        {
            return null; // psql's variables, or meant to be wrong.
        }
    }

    private static async Task TryAsync(NpgsqlConnection connection, string statement)
    {
        try
        {
            // Some end the session: with a mistake that the server takes for one of the connection, or on purpose.
            if (connection.State is not ConnectionState.Open)
            {
                await connection.CloseAsync();
                await connection.OpenAsync();
            }
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(statement) } };
            await batch.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // Many of these statements are there to fail.
        }
    }

    [GeneratedRegex(@"\A(\s*(--[^\n]*(\n|\z)|/\*.*?\*/))*\s*", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"\A(create|alter\s+(table|view|type|domain)|set\s+search_path)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Makes();

    [GeneratedRegex(@"\A(create\s+(index|database|tablespace|subscription|publication|event|role|user|group)|alter\s+\w+.*\b(drop|rename|set\s+schema|disable)\b)\b", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"\Acreate\s+(or\s+replace\s+)?(?:local\s+|global\s+)?temp(?:orary)?\b", RegexOptions.IgnoreCase)]
    private static partial Regex Temporary();

    [GeneratedRegex(@"\Aset\s+(session\s+)?search_path\b", RegexOptions.IgnoreCase)]
    private static partial Regex SearchPath();

    [GeneratedRegex(@"\Aexplain\s+(\([^)]*\)\s*|analyze\s+|verbose\s+)*", RegexOptions.IgnoreCase)]
    private static partial Regex Explained();

    [GeneratedRegex(@"\A(\(*select|with|values|table|insert|update|delete|merge)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Queries();
}
