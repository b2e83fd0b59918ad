using System.Collections.Frozen;

namespace Proxy.Core.Masking.Errors;

/// <summary>What an error says once its own message is gone: what kind it is, in words that hold whatever the values were.</summary>
public static class GenericMessages
{
    private const string Suffix = " (values hidden by PhiGate)";

    private static readonly FrozenDictionary<string, string> ByState = new Dictionary<string, string>
    {
        ["22001"] = "value too long for the column's type",
        ["22003"] = "numeric value out of range",
        ["22004"] = "null value not allowed",
        ["22007"] = "invalid date or time format",
        ["22008"] = "date or time value out of range",
        ["22012"] = "division by zero",
        ["22021"] = "character not in repertoire",
        ["22023"] = "invalid parameter value",
        ["2201B"] = "invalid regular expression",
        ["22P02"] = "invalid input syntax for the type",
        ["22P03"] = "invalid binary representation",
        ["23502"] = "null value violates a not-null constraint",
        ["23503"] = "violates a foreign key constraint",
        ["23505"] = "duplicate key value violates a unique constraint",
        ["23514"] = "row violates a check constraint",
        ["23P01"] = "conflicting key value violates an exclusion constraint",
        ["25P02"] = "current transaction is aborted, commands ignored until end of transaction block",
        ["25006"] = "cannot write in a read-only transaction",
        ["40001"] = "could not serialize access",
        ["40P01"] = "deadlock detected",
        ["42501"] = "permission denied",
        ["42601"] = "syntax error",
        ["42702"] = "column reference is ambiguous",
        ["42703"] = "column does not exist",
        ["42883"] = "function or operator does not exist",
        ["42P01"] = "relation does not exist",
        ["53100"] = "disk full",
        ["53200"] = "out of memory",
        ["53300"] = "too many connections",
        ["55P03"] = "lock not available",
        ["57014"] = "statement cancelled by user request or timeout",
        ["57P01"] = "connection terminated by administrator",
        ["P0001"] = "error raised by a function",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> ByClass = new Dictionary<string, string>
    {
        ["00"] = "message of the server",
        ["01"] = "warning of the server",
        ["02"] = "no data",
        ["03"] = "SQL statement not yet complete",
        ["08"] = "connection exception",
        ["09"] = "triggered action exception",
        ["0A"] = "feature not supported",
        ["0Z"] = "diagnostics exception",
        ["20"] = "case not found",
        ["21"] = "cardinality violation",
        ["22"] = "data exception",
        ["23"] = "integrity constraint violation",
        ["24"] = "invalid cursor state",
        ["25"] = "invalid transaction state",
        ["26"] = "prepared statement does not exist",
        ["27"] = "triggered data change violation",
        ["28"] = "invalid authorization",
        ["2B"] = "dependent objects still exist",
        ["2D"] = "invalid transaction termination",
        ["2F"] = "SQL function exception",
        ["34"] = "cursor does not exist",
        ["38"] = "external routine exception",
        ["39"] = "external routine invocation exception",
        ["3B"] = "savepoint exception",
        ["3D"] = "database does not exist",
        ["3F"] = "schema does not exist",
        ["40"] = "transaction rolled back",
        ["42"] = "syntax error or access rule violation",
        ["44"] = "WITH CHECK OPTION violation",
        ["53"] = "insufficient resources",
        ["54"] = "program limit exceeded",
        ["55"] = "object not in prerequisite state",
        ["57"] = "operator intervention",
        ["58"] = "system error",
        ["72"] = "snapshot failure",
        ["F0"] = "configuration file error",
        ["HV"] = "foreign data wrapper error",
        ["P0"] = "error in a function",
        ["XX"] = "internal error of the server",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// One line. <paramref name="constraint"/>, <paramref name="table"/> and <paramref name="column"/> are names that
    /// <see cref="ErrorScrubber.IsKnownName"/> accepted, or null.
    /// </summary>
    public static string For(string sqlState, string? schema = null, string? table = null, string? column = null, string? constraint = null)
    {
        var text = ByState.GetValueOrDefault(sqlState)
            ?? (sqlState.Length == 5 ? ByClass.GetValueOrDefault(sqlState[..2]) : null)
            ?? "error of the server";
        var relation = table is null ? null : schema is null ? $"\"{table}\"" : $"\"{schema}\".\"{table}\"";
        if (constraint is not null)
            text += $" \"{constraint}\"";
        if (column is not null)
            text += $" in column \"{column}\"";
        if (relation is not null)
            text += $" of relation {relation}";
        return text + Suffix;
    }
}
