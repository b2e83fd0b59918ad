using System.Collections.Frozen;
using System.Collections.Immutable;
using Proxy.Core.Sql;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Knows what drivers ask by themselves when they connect, before their user has asked anything: SET and SHOW (pgjdbc sets extra_float_digits and
/// application_name), an empty statement, and questions about types (Npgsql reads pg_type and its neighbours, after SELECT version()).
/// Recognised by what they do and not by their texts, which change with every version: such a statement reads nothing but the server's version and
/// the catalogue's tables about types, so that letting a few of them pass gives nothing away.
/// </summary>
internal static class DriverQueries
{
    private static readonly FrozenSet<string> TypeTables = new[]
    {
        "pg_type", "pg_namespace", "pg_class", "pg_proc", "pg_range", "pg_enum", "pg_attribute",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Questions = new[] { "version", "current_schema", "current_database" }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsOne(StatementAnalysis analysis) =>
        analysis.Status is AnalysisStatus.Read && analysis.Statements.All(IsOne);

    private static bool IsOne(StatementReading statement) => statement.Kind switch
    {
        StatementKind.Empty or StatementKind.ShowSetting => true,
        StatementKind.SetSetting => statement.Functions.IsEmpty && statement.Relations.IsEmpty,
        StatementKind.Select => IsAboutTypes(statement),
        _ => false,
    };

    private static bool IsAboutTypes(StatementReading statement) =>
        statement is { OpaqueBecause: null, StoredColumns.IsEmpty: true, NestedKinds.IsEmpty: true, Settings.IsEmpty: true }
        && statement.Functions.All(function => IsSystem(function) && Questions.Contains(function.Name))
        && (statement.Relations.Any(static relation => relation.Name.Name == "pg_type") || statement.Relations.Any(static relation => relation.Name.Name == "pg_enum")
            || statement.Relations.Any(static relation => relation.Name.Name == "pg_attribute") || IsQuestion(statement))
        && statement.Relations.All(static relation => !relation.IsWritten && IsSystem(relation.Name) && TypeTables.Contains(relation.Name.Name));

    private static bool IsQuestion(StatementReading statement) => statement is { Relations.IsEmpty: true, Functions: [_], Columns: ImmutableArray<string> { IsDefaultOrEmpty: true } };

    private static bool IsSystem(QualifiedName name) => name.Schema is null or "pg_catalog";
}
