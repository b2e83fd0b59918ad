using System.Collections.Immutable;
using System.Globalization;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>COPY. Whether it goes to the client or to a file of the server is the reading's kind.</summary>
internal static class CopyBuilder
{
    private static readonly FieldSet OfCopy =
        new(TreeField.Relation, TreeField.Query, TreeField.Attlist, TreeField.Options, TreeField.WhereClause);

    public static Statement? Build(ref BuildContext context, int index)
    {
        int query = context.Child(index, TreeField.Query);
        TableSource? table = SourceBuilder.OptionalTable(ref context, index, TreeField.Relation);
        if (context.HoldsOther(index, OfCopy) || (query < 0) == (table is null)) return null;
        Statement? inner = query < 0 ? null : StatementBuilder.Build(ref context, query);
        if (query >= 0 && inner is null) return null;
        var options = ImmutableArray.CreateBuilder<CopyOption>();
        for (int option = context.Child(index, TreeField.Options); option >= 0;
            option = context.Next(index, context.Tree[option].End, TreeField.Options))
        {
            if (BuildOption(ref context, option) is not { } known) return null;
            options.Add(known);
        }

        return new CopyStatement
        {
            Table = table,
            Columns = NodeList.Names(ref context, index, TreeField.Attlist),
            Inner = inner,
            IsFrom = context.Has(index, TreeField.IsFrom),
            Where = ExpressionBuilder.Optional(ref context, index, TreeField.WhereClause),
            Options = options.DrainToImmutable(),
        };
    }

    private static CopyOption? BuildOption(ref BuildContext context, int index)
    {
        if (context.Text.NameOf(index, TreeField.Defname) is not { } name) return null;
        int argument = context.Child(index, TreeField.Arg);
        ImmutableArray<string>? values = argument < 0 ? [] : Values(ref context, argument);
        return values is null ? null : new CopyOption { Name = name, Values = values.Value, Position = context.Position(index) };
    }

    private static ImmutableArray<string>? Values(ref BuildContext context, int argument)
    {
        switch (context.TypeOf(argument))
        {
            case TreeNodeType.String:
                int text = context.Child(argument, TreeField.Sval);
                return [text < 0 ? "" : context.Text.Value(text)];
            case TreeNodeType.Integer:
                return [context.Number(argument, TreeField.Ival).ToString(CultureInfo.InvariantCulture)];
            case TreeNodeType.Float:
                return [context.Text.NameOf(argument, TreeField.Fval) ?? ""];
            case TreeNodeType.Boolean:
                return [context.Has(argument, TreeField.Boolval) ? "true" : "false"];
            case TreeNodeType.AStar:
                return ["*"];
            case TreeNodeType.List:
                for (int item = context.Child(argument, TreeField.Items); item >= 0;
                    item = context.Next(argument, context.Tree[item].End, TreeField.Items))
                {
                    if (context.TypeOf(item) != TreeNodeType.String) return null;
                }

                return NodeList.Names(ref context, argument, TreeField.Items);
            default:
                return null;
        }
    }
}
