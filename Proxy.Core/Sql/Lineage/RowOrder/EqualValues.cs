using System.Collections.Frozen;
using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql.Lineage.Binding;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>
/// Of which expressions equal values are the same to the last digit: then it does not matter which of them an aggregate or a group keeps. An allow list; types
/// are followed only as far as that takes.
/// </summary>
internal sealed class EqualValues(LineageRun run)
{
    /// <summary>Functions of which the result is a whole number, or written in one way, whatever goes in.</summary>
    private static readonly FrozenDictionary<string, Sameness> Always = Named(
        (Sameness.Integer, "array_length array_lower array_upper ascii bit_length cardinality char_length character_length count dense_rank length ntile octet_length position rank row_number strpos"),
        (Sameness.Other, "bool_and bool_or date_part every grouping to_date starts_with"), (Sameness.Text, "to_hex"));

    /// <summary>Functions of texts, where what goes in has no equal of another spelling.</summary>
    private static readonly FrozenSet<string> OfTexts =
        "btrim concat concat_ws initcap left lower lpad ltrim md5 repeat replace reverse right rpad rtrim split_part substr substring to_char translate upper"
            .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Functions whose result is of the first argument's type, or is one of the arguments.</summary>
    private static readonly FrozenSet<string> OfFirst = "abs max min mod sum".Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Comparisons =
        "= <> != < > <= >= ~~ !~~ ~~* !~~* ~ !~ ~* !~* @> <@ && ? ?| ?&".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Sameness> Types = Named(
        (Sameness.Integer, "int2 int4 int8"), (Sameness.Number, "numeric"), (Sameness.Float, "float4 float8"), (Sameness.Text, "text varchar name"),
        (Sameness.Other, "bool bytea cidr date inet money time timestamp timestamptz timetz uuid"));

    /// <summary>Whether it does not matter which of several equal values is shown.</summary>
    public bool AreSame(Expression expression, Flow flow, Place place) => IsHidden(flow) || expression is Literal or Parameter || IsSame(Of(expression, place));

    /// <summary>The same of a column of an answer.</summary>
    public bool AreSame(Flow flow) => IsHidden(flow) || IsSame(Of(flow));

    /// <summary>Whether what the aggregate says depends on the order in which it is given equal values, or numbers.</summary>
    /// <param name="call">The aggregate.</param>
    /// <param name="value">What flows into its result.</param>
    /// <param name="place">Where it stands.</param>
    public bool IsInOrder(Call call, Flow value, Place place)
    {
        if (value.IsPhi || call.IsStar || call.Function.Name is "count" or "regr_count" or "bool_and" or "bool_or" or "every" or "bit_and" or "bit_or" or "bit_xor" || !AggregateCalls.Is(call.Function))
            return false;
        var expressions = call.IsWithinGroup ? call.OrderBy : call.Arguments;
        bool AreAllSame() => expressions.All(expression => AreSame(expression, Flow.Constant, place));
        if (call.IsDistinct && !AreAllSame())
            return true;
        return call.Function.Name switch
        {
            "min" or "max" or "mode" or "percentile_disc" => !AreAllSame(),
            "percentile_cont" => expressions.Any(expression => Of(expression, place) is Sameness.None),
            "sum" or "avg" or "std" or "stddev" or "stddev_pop" or "stddev_samp" or "var_pop" or "var_samp" or "variance" =>
                expressions.Any(expression => Of(expression, place) is not (Sameness.Integer or Sameness.Decimal or Sameness.Number or Sameness.Null)),
            _ => !call.IsDistinct && (call.Function.Name.StartsWith("regr_", StringComparison.Ordinal) || call.Function.Name is "corr" or "covar_pop" or "covar_samp" or "range_agg" or "range_intersect_agg"),
        };
    }

    /// <summary>What is computed from PHI is redacted, however it is spelled.</summary>
    private static bool IsHidden(Flow flow) => flow.IsPhi && flow.Derivation is not Derivation.Copy;

    /// <summary>In MySQL an expression has as many digits as its type, whichever of its values it is.</summary>
    private bool IsSame(Sameness sameness) => sameness >= Sameness.Null || (run.IsMySql && sameness is Sameness.Number);

    private Sameness Of(Expression? expression, Place place)
    {
        run.Step();
        return expression switch
        {
            Literal { IsNull: true } => Sameness.Null,
            Literal { IsInteger: true } => Sameness.Integer,
            Literal { Kind: LiteralKind.Number, Value: { } digits } => digits.Contains('e', StringComparison.OrdinalIgnoreCase) ? Sameness.Number
                : digits.Contains('.', StringComparison.Ordinal) ? Sameness.Decimal : Sameness.Integer,
            Literal { Kind: LiteralKind.Text } or Parameter => Sameness.Said,
            Literal or NullTest or BooleanCombination or SubqueryExpression { Form: SubqueryForm.Exists or SubqueryForm.Any or SubqueryForm.All } => Sameness.Other,
            ColumnReference { IsStar: false } reference => Of(run.Names.Value(reference, place)),
            Cast { IsArray: false, Type: { Schema: null or "pg_catalog", Name: var type } } cast => OfCast(type, cast.Argument, place),
            Construction construction => OfConstruction(construction, place),
            Conditional conditional => OneOf([.. conditional.Arms.Select(arm => Of(arm.Then, place)), conditional.Else is { } otherwise ? Of(otherwise, place) : Sameness.Null]),
            OperatorCall { Operator.Schema: null or "pg_catalog" } operation => OfOperator(operation, place),
            Call { Function.Schema: null or "pg_catalog" } call => OfCall(call, place),
            _ => Sameness.None,
        };
    }

    private Sameness OfCast(string type, Expression argument, Place place)
    {
        var kind = Types.GetValueOrDefault(type);
        // A collation goes with its text.
        return kind is Sameness.Text && Of(argument, place) is Sameness.None ? Sameness.None : kind;
    }

    private Sameness OfConstruction(Construction construction, Place place) => construction.Kind switch
    {
        ConstructionKind.TruthTest or ConstructionKind.SessionValue => Sameness.Other,
        ConstructionKind.Grouping => Sameness.Integer,
        ConstructionKind.Coalesce or ConstructionKind.Greatest or ConstructionKind.Least => OneOf([.. construction.Arguments.Select(argument => Of(argument, place))]),
        ConstructionKind.Row => construction.Arguments.All(argument => IsSame(Of(argument, place))) ? Sameness.Other : Sameness.None,
        _ => Sameness.None,
    };

    private Sameness OfOperator(OperatorCall operation, Place place)
    {
        if (operation.Form is OperatorForm.NullIf)
            return Of(operation.Left, place);
        if (operation.Form is not OperatorForm.Plain || Comparisons.Contains(operation.Operator.Name))
            return Sameness.Other;
        if (operation is not { Right: [var right] })
            return Sameness.None;
        var (a, b) = (operation.Left is null ? Sameness.Integer : Of(operation.Left, place), Of(right, place));
        switch (operation.Operator.Name)
        {
            case "||":
                return a is Sameness.Text or Sameness.Said && b is Sameness.Text or Sameness.Said ? Sameness.Text : Sameness.None;
            case "->>" or "#>>":
                return Sameness.Text;
            case "+" or "-" or "*" or "%" or "/" when IsNumber(a) && IsNumber(b):
                return (a, b) is (Sameness.Integer, Sameness.Integer) ? Sameness.Integer
                    : a is Sameness.Number || b is Sameness.Number || operation.Operator.Name is "/" ? Sameness.Number : Sameness.Decimal;
            default:
                return Sameness.None;
        }
    }

    private Sameness OfCall(Call call, Place place)
    {
        var name = call.Function.Name;
        if (Always.TryGetValue(name, out var always))
            return always;
        if (OfTexts.Contains(name))
            return call.Arguments.All(argument => IsSame(Of(argument, place))) ? Sameness.Text : Sameness.None;
        if (OfFirst.Contains(name) && !call.Arguments.IsEmpty)
            return OneOf([.. call.Arguments.Select(argument => Of(argument, place))]) is var one && (name is "max" or "min" || IsNumber(one)) ? one : Sameness.None;
        switch (name)
        {
            case "extract" when call.Arguments is [Literal, ..]:
                return Sameness.Decimal;
            case "date_trunc":
                return call.Arguments is [_, var moment, ..] && Of(moment, place) is Sameness.Other ? Sameness.Other : Sameness.None;
            case "ceil" or "ceiling" or "floor" or "round" or "trunc" when call.Arguments is [var rounded, ..] && Of(rounded, place) is var kind && IsNumber(kind):
                return call.Arguments is [_] ? kind is Sameness.Integer ? kind : Sameness.Decimal : call.Arguments is [_, Literal] ? Sameness.Decimal : Sameness.Number;
            case "avg" when call.Arguments is [var averaged] && IsNumber(Of(averaged, place)):
                return Sameness.Number;
            default:
                return Sameness.None;
        }
    }

    private static bool IsNumber(Sameness kind) => kind is Sameness.Integer or Sameness.Decimal or Sameness.Number;

    /// <summary>Of a value that is one of several expressions: they get one type.</summary>
    private static Sameness OneOf(ImmutableArray<Sameness> kinds)
    {
        var one = Sameness.Null;
        foreach (var kind in kinds)
        {
            if (kind is Sameness.Null)
                continue;
            one = (one, kind) switch
            {
                (Sameness.Null, _) => kind,
                (Sameness.None, _) or (_, Sameness.None) => Sameness.None,
                // Each with digits of its own.
                (Sameness.Decimal, Sameness.Decimal) => Sameness.Number,
                _ when one == kind => kind,
                (Sameness.Said, _) or (_, Sameness.Said) when (one is Sameness.Said ? kind : one) is Sameness.Text or Sameness.Other or Sameness.Float => one is Sameness.Said ? kind : one,
                _ when (IsNumber(one) || one is Sameness.Said) && (IsNumber(kind) || kind is Sameness.Said) => Sameness.Number,
                _ => Sameness.None,
            };
        }
        return one;
    }

    /// <summary>Of a value that comes through columns.</summary>
    private Sameness Of(Flow flow)
    {
        if (flow is not { Derivation: Derivation.Copy, IsMixed: false, MayBeAnother: false })
            return Sameness.None;
        Sameness? one = null;
        var modifier = -1;
        foreach (var (_, column) in flow.Sources.Columns)
        {
            var kind = Of(column);
            if (one is not null && (kind != one || (kind is Sameness.Decimal && column.TypeModifier != modifier)))
                return Sameness.None;
            (one, modifier) = (kind, column.TypeModifier);
        }
        return one ?? Sameness.None;
    }

    private Sameness Of(CatalogueColumn column)
    {
        // In MySQL nearly every collation ignores case.
        var isLoose = column.ComparesLoosely || run.IsMySql;
        return column.Shape is { IsArray: false, RowOf: 0, BaseTypeOid: var type } ? type switch
        {
            PostgresTypeOid.Int2 or PostgresTypeOid.Int4 or PostgresTypeOid.Int8 or PostgresTypeOid.Oid => Sameness.Integer,
            PostgresTypeOid.Numeric => column.TypeModifier >= 0 ? Sameness.Decimal : Sameness.Number,
            PostgresTypeOid.Float4 or PostgresTypeOid.Float8 => Sameness.Float,
            PostgresTypeOid.Text or PostgresTypeOid.Varchar or PostgresTypeOid.Name => isLoose ? Sameness.None : Sameness.Text,
            PostgresTypeOid.Bpchar => isLoose || column.TypeModifier < 0 ? Sameness.None : Sameness.Text,
            PostgresTypeOid.Bool or PostgresTypeOid.Bytea or PostgresTypeOid.Char or PostgresTypeOid.Date or PostgresTypeOid.Time or PostgresTypeOid.TimeTz or PostgresTypeOid.Timestamp
                or PostgresTypeOid.TimestampTz or PostgresTypeOid.Uuid or PostgresTypeOid.Macaddr or PostgresTypeOid.Macaddr8 or PostgresTypeOid.Money or PostgresTypeOid.Bit
                or PostgresTypeOid.Varbit or PostgresTypeOid.Inet or PostgresTypeOid.Cidr or PostgresTypeOid.PgLsn or PostgresTypeOid.Tid or PostgresTypeOid.Xid or PostgresTypeOid.Cid
                or PostgresTypeOid.Xid8 => Sameness.Other,
            _ => run.Catalogue.Snapshot.Types.Find(type) is { Kind: TypeKind.Enum } ? Sameness.Other : Sameness.None,
        } : Sameness.None;
    }

    private static FrozenDictionary<string, Sameness> Named(params (Sameness Kind, string Names)[] groups) =>
        groups.SelectMany(static group => group.Names.Split(' ').Select(name => (name, group.Kind)))
            .ToFrozenDictionary(static pair => pair.name, static pair => pair.Kind, StringComparer.OrdinalIgnoreCase);
}
