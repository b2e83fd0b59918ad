using System.Collections.Frozen;

namespace Proxy.Core.Policy;

/// <summary>
/// Which SHOW statements answer with structure, settings and counters alone. An allow list: not here are those that print what sessions run
/// (processlist, profiles, engine status, binlog events), bodies of routines, triggers and events, and grants, which print a password's hash.
/// </summary>
internal static class MySqlShows
{
    private static readonly FrozenSet<string> OfStructure = new[]
    {
        "character set", "charset", "collation", "columns", "create database", "create schema", "create sequence", "create table", "create view", "databases", "engines", "fields",
        "index", "indexes", "keys", "open tables", "plugins", "privileges", "schemas", "status", "storage engines", "table status", "tables", "variables", "warnings", "errors",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsOfStructure(string? what) => what is not null && OfStructure.Contains(what);

    /// <summary>Whether it prints what the statements before it met with, values included.</summary>
    public static bool PrintsDiagnostics(string? what) => what is "warnings" or "errors";
}
