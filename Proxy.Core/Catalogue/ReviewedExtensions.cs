using System.Collections.Frozen;

namespace Proxy.Core.Catalogue;

/// <summary>
/// Extensions of PostgreSQL's own distribution (and pgvector) whose functions, operators and types compute from their arguments alone. An
/// object counts when pg_depend says that the extension owns it, which only a superuser can make it say. Not here, on purpose: dblink,
/// postgres_fdw, file_fdw, tablefunc (runs queries given as text), pageinspect, pg_stat_statements, lo, adminpack, xml2, tcn.
/// </summary>
public static class ReviewedExtensions
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "btree_gin", "btree_gist", "citext", "cube", "earthdistance", "fuzzystrmatch", "hstore", "intarray", "isn", "ltree", "pg_trgm",
        "pgcrypto", "seg", "unaccent", "uuid-ossp", "vector",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string? extension) => extension is not null && Names.Contains(extension);
}
