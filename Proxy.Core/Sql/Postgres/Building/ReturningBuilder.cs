using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>RETURNING.</summary>
internal static class ReturningBuilder
{
    private static readonly FieldSet OfReturning = new(TreeField.Options, TreeField.Exprs);

    public static ImmutableArray<Target> Targets(ref BuildContext context, int statement)
    {
        int returning = context.Child(statement, TreeField.ReturningClause);
        if (returning < 0) return [];
        return context.HoldsOther(returning, OfReturning)
            ? [new Target { Value = ExpressionBuilder.Opaque(context, returning) }]
            : TargetBuilder.List(ref context, returning, TreeField.Exprs);
    }

    public static string? OldAlias(in BuildContext context, int statement) => Alias(context, statement, "RETURNING_OPTION_OLD"u8);

    public static string? NewAlias(in BuildContext context, int statement) => Alias(context, statement, "RETURNING_OPTION_NEW"u8);

    private static string? Alias(in BuildContext context, int statement, ReadOnlySpan<byte> kind)
    {
        int returning = context.Child(statement, TreeField.ReturningClause);
        if (returning < 0) return null;
        for (int option = context.Child(returning, TreeField.Options); option >= 0;
            option = context.Next(returning, context.Tree[option].End, TreeField.Options))
        {
            if (context.Is(option, TreeField.Option, kind)) return context.Text.NameOf(option, TreeField.Value);
        }

        return null;
    }
}
