using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Entries of FROM and USING.</summary>
internal static class SourceBuilder
{
    private static readonly FieldSet OfTable = new(TreeField.Alias);
    private static readonly FieldSet OfSubquery = new(TreeField.Subquery, TreeField.Alias);
    private static readonly FieldSet OfSample = new(TreeField.Relation, TreeField.Method, TreeField.Args, TreeField.Repeatable);

    private static readonly FieldSet OfJoin =
        new(TreeField.Larg, TreeField.Rarg, TreeField.UsingClause, TreeField.JoinUsingAlias, TreeField.Quals, TreeField.Alias);

    public static ImmutableArray<Source> List(ref BuildContext context, int parent, TreeField field) =>
        NodeList.Build(ref context, parent, field, Build);

    public static Source Build(ref BuildContext context, int index)
    {
        TreeNodeType type = context.TypeOf(index);
        if (type == TreeNodeType.RangeVar && !context.HoldsOther(index, OfTable)) return BuildTable(ref context, index);
        if (!context.TryEnter()) return Opaque(context, index);
        Source source = type switch
        {
            TreeNodeType.JoinExpr => BuildJoin(ref context, index),
            TreeNodeType.RangeSubselect => BuildSubquery(ref context, index),
            TreeNodeType.RangeFunction => FunctionSourceBuilder.Build(ref context, index),
            TreeNodeType.RangeTableFunc or TreeNodeType.JsonTable => TableFunctionBuilder.Build(ref context, index),
            TreeNodeType.RangeTableSample => BuildSample(ref context, index),
            _ => Opaque(context, index),
        };
        context.Leave();
        return source;
    }

    /// <summary>The relation in a field of a statement; null when it is missing or more than a name.</summary>
    public static TableSource? OptionalTable(ref BuildContext context, int parent, TreeField field)
    {
        int relation = context.Child(parent, field);
        return relation < 0 || context.TypeOf(relation) != TreeNodeType.RangeVar || context.HoldsOther(relation, OfTable)
            ? null
            : BuildTable(ref context, relation);
    }

    public static OpaqueSource Opaque(in BuildContext context, int index) => new()
    {
        Because = context.NameOfType(index),
        Alias = AliasOf(context, index),
    };

    public static string? AliasOf(in BuildContext context, int source)
    {
        int alias = context.Child(source, TreeField.Alias);
        return alias < 0 ? null : context.Text.NameOf(alias, TreeField.Aliasname);
    }

    public static ImmutableArray<string> ColumnAliasesOf(ref BuildContext context, int source)
    {
        int alias = context.Child(source, TreeField.Alias);
        return alias < 0 ? [] : NodeList.Names(ref context, alias, TreeField.Colnames);
    }

    private static TableSource BuildTable(ref BuildContext context, int index) => BuildTable(ref context, index, []);

    private static TableSource BuildTable(ref BuildContext context, int index, ImmutableArray<Expression> sample) => new()
    {
        Name = RelationName.Of(context, index),
        IsOnly = !context.Has(index, TreeField.Inh),
        Sample = sample,
        Alias = AliasOf(context, index),
        ColumnAliases = ColumnAliasesOf(ref context, index),
        Position = context.Position(index),
    };

    private static Source BuildSample(ref BuildContext context, int index)
    {
        int relation = context.Child(index, TreeField.Relation);
        if (relation < 0 || context.TypeOf(relation) != TreeNodeType.RangeVar || context.HoldsOther(relation, OfTable)
            || context.HoldsOther(index, OfSample))
        {
            return Opaque(context, index);
        }

        ImmutableArray<Expression> sample = ExpressionBuilder.List(ref context, index, TreeField.Args);
        if (ExpressionBuilder.Optional(ref context, index, TreeField.Repeatable) is { } seed) sample = sample.Add(seed);
        return BuildTable(ref context, relation, sample);
    }

    private static Source BuildSubquery(ref BuildContext context, int index)
    {
        int query = context.Child(index, TreeField.Subquery);
        if (query < 0 || context.HoldsOther(index, OfSubquery)) return Opaque(context, index);
        return new SubquerySource
        {
            Query = QueryBuilder.Build(ref context, query),
            IsLateral = context.Has(index, TreeField.Lateral),
            Alias = AliasOf(context, index),
            ColumnAliases = ColumnAliasesOf(ref context, index),
        };
    }

    private static Source BuildJoin(ref BuildContext context, int index)
    {
        int left = context.Child(index, TreeField.Larg);
        int right = context.Child(index, TreeField.Rarg);
        if (left < 0 || right < 0 || context.HoldsOther(index, OfJoin)
            || !TryReadKind(context.Text.RawOf(index, TreeField.Jointype), out JoinKind kind))
        {
            return Opaque(context, index);
        }

        int usingAlias = context.Child(index, TreeField.JoinUsingAlias);
        return new JoinSource
        {
            Kind = kind,
            Left = Build(ref context, left),
            Right = Build(ref context, right),
            On = ExpressionBuilder.Optional(ref context, index, TreeField.Quals),
            IsNatural = context.Has(index, TreeField.IsNatural),
            Using = NodeList.Names(ref context, index, TreeField.UsingClause),
            UsingAlias = usingAlias < 0 ? null : context.Text.NameOf(usingAlias, TreeField.Aliasname),
            Alias = AliasOf(context, index),
            ColumnAliases = ColumnAliasesOf(ref context, index),
        };
    }

    private static bool TryReadKind(ReadOnlySpan<byte> type, out JoinKind kind)
    {
        kind = JoinKind.Inner;
        if (type.SequenceEqual("JOIN_INNER"u8)) return true;
        if (type.SequenceEqual("JOIN_LEFT"u8)) kind = JoinKind.Left;
        else if (type.SequenceEqual("JOIN_RIGHT"u8)) kind = JoinKind.Right;
        else if (type.SequenceEqual("JOIN_FULL"u8)) kind = JoinKind.Full;
        return kind != JoinKind.Inner;
    }
}
