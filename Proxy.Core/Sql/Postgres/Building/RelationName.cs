using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>What a RangeVar names.</summary>
internal static class RelationName
{
    /// <summary>The name of the database, where one stands, can only be the current one: the server refuses others.</summary>
    public static QualifiedName Of(in BuildContext context, int relation) =>
        new(context.Text.NameOf(relation, TreeField.Schemaname), context.Text.NameOf(relation, TreeField.Relname) ?? "");

    /// <summary>TEMPORARY, or by name in the session's temporary schema.</summary>
    public static bool IsTemporary(in BuildContext context, int relation) =>
        context.Is(relation, TreeField.Relpersistence, "t"u8) || context.Is(relation, TreeField.Schemaname, "pg_temp"u8);
}
