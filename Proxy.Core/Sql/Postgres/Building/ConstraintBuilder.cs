using Proxy.Core.Sql.Postgres.Tree;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>
/// What changes of definitions ask of the rows that are there. Allow list: a subcommand that is not known to ask nothing asks for anything.
/// </summary>
internal static class ConstraintBuilder
{
    public static Statement? BuildIndex(ref BuildContext context, int index)
    {
        var asked = new AskedOfRows();
        bool isUnique = context.Has(index, TreeField.Unique);
        for (int item = context.Child(index, TreeField.IndexParams); item >= 0;
            item = context.Next(index, context.Tree[item].End, TreeField.IndexParams))
        {
            if (context.Text.NameOf(item, TreeField.Name) is { } column)
            {
                if (isUnique) asked.Keys.Add(Column(column));
            }
            else
            {
                (isUnique ? asked.Keys : asked.Values).Add(ExpressionBuilder.Required(ref context, item, TreeField.Expr));
            }
        }

        if (ExpressionBuilder.Optional(ref context, index, TreeField.WhereClause) is { } predicate) asked.Values.Add(predicate);
        return asked.Of(SourceBuilder.OptionalTable(ref context, index, TreeField.Relation), context.Position(index));
    }

    public static Statement? BuildAlter(ref BuildContext context, int index)
    {
        var asked = new AskedOfRows();
        for (int command = context.Child(index, TreeField.Cmds); command >= 0;
            command = context.Next(index, context.Tree[command].End, TreeField.Cmds))
        {
            Take(ref context, command, asked);
        }

        return asked.Of(SourceBuilder.OptionalTable(ref context, index, TreeField.Relation), context.Position(index));
    }

    /// <summary>ADD, VALIDATE and SET NOT NULL look at the values of every column of the type.</summary>
    public static Statement? BuildDomain(in BuildContext context, int index) =>
        context.Is(index, TreeField.Subtype, "C"u8) || context.Is(index, TreeField.Subtype, "V"u8) || context.Is(index, TreeField.Subtype, "O"u8)
            ? new ConstrainStatement { AsksMore = true }
            : null;

    private static void Take(ref BuildContext context, int command, AskedOfRows asked)
    {
        ReadOnlySpan<byte> subtype = context.Text.RawOf(command, TreeField.Subtype);
        int definition = context.Child(command, TreeField.Def);
        if (subtype.SequenceEqual("AT_AddColumn"u8) && definition >= 0)
        {
            TakeColumn(ref context, definition, asked);
        }
        else if (subtype.SequenceEqual("AT_AddConstraint"u8) && definition >= 0)
        {
            TakeConstraint(ref context, definition, null, asked);
        }
        else if (subtype.SequenceEqual("AT_AlterColumnType"u8) && definition >= 0 && context.Text.NameOf(command, TreeField.Name) is { } name)
        {
            // What becomes of a value by a cast that nobody sees here: it can fail.
            asked.Conditions.Add(ExpressionBuilder.Optional(ref context, definition, TreeField.RawDefault) ?? Column(name));
        }
        else
        {
            asked.AsksMore |= !AsksNothing(subtype);
        }
    }

    private static void TakeColumn(ref BuildContext context, int column, AskedOfRows asked)
    {
        if (context.Text.NameOf(column, TreeField.Colname) is not { } name)
        {
            asked.AsksMore = true;
            return;
        }

        asked.Added.Add(name);
        for (int constraint = context.Child(column, TreeField.Constraints); constraint >= 0;
            constraint = context.Next(column, context.Tree[constraint].End, TreeField.Constraints))
        {
            TakeConstraint(ref context, constraint, name, asked);
        }
    }

    /// <param name="context">The statement.</param>
    /// <param name="constraint">The node.</param>
    /// <param name="added">The column that it is written at; null for one of the table.</param>
    /// <param name="asked">Takes what it asks.</param>
    private static void TakeConstraint(ref BuildContext context, int constraint, string? added, AskedOfRows asked)
    {
        // NOT VALID: rows that are there are looked at by VALIDATE.
        if (context.Has(constraint, TreeField.SkipValidation)) return;
        ReadOnlySpan<byte> type = context.Text.RawOf(constraint, TreeField.Contype);
        if (type.SequenceEqual("CONSTR_CHECK"u8))
        {
            asked.Conditions.Add(ExpressionBuilder.Required(ref context, constraint, TreeField.RawExpr));
        }
        else if (type.SequenceEqual("CONSTR_GENERATED"u8))
        {
            asked.Values.Add(ExpressionBuilder.Required(ref context, constraint, TreeField.RawExpr));
        }
        else if (type.SequenceEqual("CONSTR_FOREIGN"u8))
        {
            TakeForeignKey(ref context, constraint, added, asked);
        }
        else if (type.SequenceEqual("CONSTR_UNIQUE"u8) || type.SequenceEqual("CONSTR_PRIMARY"u8))
        {
            foreach (string key in NodeList.Names(ref context, constraint, TreeField.Keys)) asked.Keys.Add(Column(key));
        }
        else
        {
            asked.AsksMore |= !(type.SequenceEqual("CONSTR_NULL"u8) || type.SequenceEqual("CONSTR_NOTNULL"u8) || type.SequenceEqual("CONSTR_DEFAULT"u8)
                || type.SequenceEqual("CONSTR_IDENTITY"u8) || type.StartsWith("CONSTR_ATTR_"u8));
        }
    }

    private static void TakeForeignKey(ref BuildContext context, int constraint, string? added, AskedOfRows asked)
    {
        if (SourceBuilder.OptionalTable(ref context, constraint, TreeField.Pktable) is not { } referenced)
        {
            asked.AsksMore = true;
            return;
        }

        asked.ForeignKeys.Add(new ForeignKeyClause
        {
            Columns = added is not null ? [Column(added)] : [.. NodeList.Names(ref context, constraint, TreeField.FkAttrs).Select(Column)],
            Referenced = referenced,
            ReferencedColumns = NodeList.Names(ref context, constraint, TreeField.PkAttrs),
            Position = context.Position(constraint),
        });
    }

    private static Expression Column(string name) => new ColumnReference { Parts = [name] };

    /// <summary>Changes that look at no value but whether it is NULL.</summary>
    private static bool AsksNothing(ReadOnlySpan<byte> subtype) =>
        subtype.SequenceEqual("AT_DropColumn"u8) || subtype.SequenceEqual("AT_ColumnDefault"u8) || subtype.SequenceEqual("AT_SetNotNull"u8)
        || subtype.SequenceEqual("AT_DropNotNull"u8) || subtype.SequenceEqual("AT_SetStatistics"u8) || subtype.SequenceEqual("AT_SetOptions"u8)
        || subtype.SequenceEqual("AT_ResetOptions"u8) || subtype.SequenceEqual("AT_SetStorage"u8) || subtype.SequenceEqual("AT_SetCompression"u8)
        || subtype.SequenceEqual("AT_DropConstraint"u8) || subtype.SequenceEqual("AT_AlterConstraint"u8) || subtype.SequenceEqual("AT_ChangeOwner"u8)
        || subtype.SequenceEqual("AT_ClusterOn"u8) || subtype.SequenceEqual("AT_DropCluster"u8) || subtype.SequenceEqual("AT_SetLogged"u8)
        || subtype.SequenceEqual("AT_SetUnLogged"u8) || subtype.SequenceEqual("AT_SetTableSpace"u8) || subtype.SequenceEqual("AT_SetRelOptions"u8)
        || subtype.SequenceEqual("AT_ResetRelOptions"u8) || subtype.SequenceEqual("AT_ReplicaIdentity"u8) || subtype.SequenceEqual("AT_DropInherit"u8)
        || subtype.SequenceEqual("AT_DetachPartition"u8) || subtype.SequenceEqual("AT_DetachPartitionFinalize"u8)
        || subtype.SequenceEqual("AT_AddIdentity"u8) || subtype.SequenceEqual("AT_SetIdentity"u8) || subtype.SequenceEqual("AT_DropIdentity"u8)
        || subtype.SequenceEqual("AT_DropExpression"u8) || subtype.StartsWith("AT_Enable"u8) || subtype.StartsWith("AT_Disable"u8)
        || subtype.SequenceEqual("AT_ForceRowSecurity"u8) || subtype.SequenceEqual("AT_NoForceRowSecurity"u8);
}
