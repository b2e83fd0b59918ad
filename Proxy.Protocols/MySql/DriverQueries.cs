using System.Collections.Frozen;
using Proxy.Core.Sql;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Knows what drivers and tools ask by themselves when they connect, before their user has asked anything: SET (PyMySQL and mysqlclient turn autocommit off,
/// MySqlConnector says SET NAMES), SHOW VARIABLES, and questions about the server and the session (SELECT @@version_comment, DATABASE(), CONNECTION_ID()).
/// Recognised by what they do and not by their texts, which change with every version: such a statement reads no relation.
/// </summary>
internal static class DriverQueries
{
    /// <summary>@@ is a system variable.</summary>
    private static readonly FrozenSet<string> Questions = new[]
    {
        "@@", "version", "database", "schema", "connection_id", "user", "current_user", "session_user", "system_user",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsOne(StatementAnalysis analysis) =>
        analysis is { Status: AnalysisStatus.Read, Statements: [var statement] } && IsOne(statement);

    private static bool IsOne(StatementReading statement) => statement.Kind switch
    {
        StatementKind.Empty or StatementKind.SetTransaction or StatementKind.UseDatabase => true,
        StatementKind.SetSetting => statement.Functions.IsEmpty && statement.Relations.IsEmpty,
        StatementKind.Show => statement is { ObjectName: "variables" or "warnings", OpaqueBecause: null },
        StatementKind.Select => statement is { OpaqueBecause: null, Relations.IsEmpty: true, StoredColumns.IsEmpty: true, NestedKinds.IsEmpty: true, Functions.IsEmpty: false }
            && statement.Functions.All(static function => function.Schema is null && Questions.Contains(function.Name)),
        _ => false,
    };
}
