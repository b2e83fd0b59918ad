using System.Collections.Immutable;
using Proxy.Core.Sql.Postgres.Reading;
using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Statements that make relations or drop them.</summary>
internal static class DefinitionBuilder
{
    private static readonly FieldSet OfPlainTable = new(TreeField.Relation, TreeField.TableElts, TreeField.Options);
    private static readonly FieldSet OfColumn = new(TreeField.TypeName, TreeField.CollClause, TreeField.Constraints);
    private static readonly FieldSet OfView = new(TreeField.View, TreeField.Aliases, TreeField.Query, TreeField.Options);
    private static readonly FieldSet OfTableAs = new(TreeField.Query, TreeField.Into);
    private static readonly FieldSet OfInto = new(TreeField.Rel, TreeField.ColNames, TreeField.Options);

    public static Statement? BuildTable(ref BuildContext context, int index)
    {
        int relation = context.Child(index, TreeField.Relation);
        if (relation < 0) return null;
        bool isPlain = !context.HoldsOther(index, OfPlainTable);
        List<string> columns = [];
        for (int element = context.Child(index, TreeField.TableElts); element >= 0;
            element = context.Next(index, context.Tree[element].End, TreeField.TableElts))
        {
            bool isColumn = context.TypeOf(element) == TreeNodeType.ColumnDef;
            if (isColumn) columns.Add(context.Text.NameOf(element, TreeField.Colname) ?? "");
            isPlain &= isColumn ? IsPlainColumn(context, element) : IsPlainConstraint(context, element);
        }

        return new CreateTableStatement
        {
            Name = RelationName.Of(context, relation),
            IsTemporary = RelationName.IsTemporary(context, relation),
            IsPlain = isPlain,
            IfNotExists = context.Has(index, TreeField.IfNotExists),
            PartOf = context.Has(index, TreeField.Partbound) ? SourceBuilder.OptionalTable(ref context, index, TreeField.InhRelations) : null,
            Columns = [.. columns],
            Position = context.Position(relation),
        };
    }

    public static Statement? BuildView(ref BuildContext context, int index)
    {
        int view = context.Child(index, TreeField.View);
        int query = context.Child(index, TreeField.Query);
        if (view < 0 || query < 0 || context.HoldsOther(index, OfView)) return null;
        return new CreateViewStatement
        {
            Name = RelationName.Of(context, view),
            IsTemporary = RelationName.IsTemporary(context, view),
            Columns = NodeList.Names(ref context, index, TreeField.Aliases),
            Query = QueryBuilder.Build(ref context, query),
            Position = context.Position(view),
        };
    }

    public static Statement? BuildTableAs(ref BuildContext context, int index)
    {
        int query = context.Child(index, TreeField.Query);
        int into = context.Child(index, TreeField.Into);
        if (query < 0 || into < 0 || context.HoldsOther(index, OfTableAs)) return null;
        bool isMaterializedView = context.Is(index, TreeField.Objtype, "OBJECT_MATVIEW"u8);
        return BuildInto(ref context, into, StatementBuilder.Build(ref context, query), isMaterializedView);
    }

    /// <summary>A query; with INTO, which stands in the leftmost arm of a set operation, the table that it makes.</summary>
    public static Statement? BuildQuery(ref BuildContext context, int index)
    {
        int into = -1;
        for (int select = index; select >= 0 && into < 0; select = context.Child(select, TreeField.Larg))
        {
            into = context.Child(select, TreeField.IntoClause);
        }

        var query = new QueryStatement { Query = QueryBuilder.Build(ref context, index, into) };
        return into < 0 ? query : BuildInto(ref context, into, query, isMaterializedView: false);
    }

    public static Statement? BuildDrop(ref BuildContext context, int index)
    {
        if (!WrittenRelations.IsRelation(context.Text.RawOf(index, TreeField.RemoveType))) return null;
        var names = ImmutableArray.CreateBuilder<QualifiedName>();
        for (int item = context.Child(index, TreeField.Objects); item >= 0;
            item = context.Next(index, context.Tree[item].End, TreeField.Objects))
        {
            if (context.Text.Qualified(item, TreeField.Items) is not { } name) return null;
            names.Add(name);
        }

        return new DropRelationsStatement
        {
            Names = names.DrainToImmutable(),
            Cascades = context.Is(index, TreeField.Behavior, "DROP_CASCADE"u8),
        };
    }

    private static CreateTableAsStatement? BuildInto(ref BuildContext context, int into, Statement? inner, bool isMaterializedView)
    {
        int relation = context.Child(into, TreeField.Rel);
        if (relation < 0 || context.HoldsOther(into, OfInto)) return null;
        return new CreateTableAsStatement
        {
            Name = RelationName.Of(context, relation),
            IsTemporary = RelationName.IsTemporary(context, relation),
            IsMaterializedView = isMaterializedView,
            Columns = NodeList.Names(ref context, into, TreeField.ColNames),
            Inner = inner,
            Position = context.Position(relation),
        };
    }

    private static bool IsPlainColumn(in BuildContext context, int column)
    {
        if (context.HoldsOther(column, OfColumn)) return false;
        for (int constraint = context.Child(column, TreeField.Constraints); constraint >= 0;
            constraint = context.Next(column, context.Tree[constraint].End, TreeField.Constraints))
        {
            if (!IsPlainConstraint(context, constraint)) return false;
        }

        return true;
    }

    /// <summary>Those that run no code but a comparison of the type's own: no CHECK, no reference, no computed value.</summary>
    private static bool IsPlainConstraint(in BuildContext context, int constraint)
    {
        if (context.TypeOf(constraint) != TreeNodeType.Constraint) return false;
        ReadOnlySpan<byte> type = context.Text.RawOf(constraint, TreeField.Contype);
        if (type.SequenceEqual("CONSTR_DEFAULT"u8)) return IsLiteral(context, context.Child(constraint, TreeField.RawExpr));
        return type.SequenceEqual("CONSTR_NOTNULL"u8) || type.SequenceEqual("CONSTR_NULL"u8) || type.SequenceEqual("CONSTR_PRIMARY"u8)
            || type.SequenceEqual("CONSTR_UNIQUE"u8);
    }

    private static bool IsLiteral(in BuildContext context, int expression)
    {
        if (expression < 0) return false;
        if (context.TypeOf(expression) == TreeNodeType.TypeCast) expression = context.Child(expression, TreeField.Arg);
        return expression >= 0 && context.TypeOf(expression) == TreeNodeType.AConst;
    }
}
