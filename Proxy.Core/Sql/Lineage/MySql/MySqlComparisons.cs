using Proxy.Core.Catalogue;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage.MySql;

/// <summary>
/// Whether an equality is one of whole values. MySQL compares a text with a number as floating point numbers, so that <c>ssn = 912</c> finds every number
/// that begins with 912 and something else behind it, and <c>'1abc' = 1</c> is true [ran]: such a comparison tries out beginnings.
/// </summary>
internal static class MySqlComparisons
{
    public static ValueCategory CategoryOf(CatalogueColumn column) => column.TypeOid switch
    {
        PostgresTypeOid.Varchar or PostgresTypeOid.Text or PostgresTypeOid.Bytea or PostgresTypeOid.Json or PostgresTypeOid.Uuid or PostgresTypeOid.Inet => ValueCategory.Text,
        PostgresTypeOid.Int2 or PostgresTypeOid.Int4 or PostgresTypeOid.Int8 or PostgresTypeOid.Float4 or PostgresTypeOid.Float8 or PostgresTypeOid.Numeric
            or PostgresTypeOid.Bit => ValueCategory.Number,
        PostgresTypeOid.Date or PostgresTypeOid.Timestamp or PostgresTypeOid.TimestampTz or PostgresTypeOid.Time => ValueCategory.Moment,
        _ => ValueCategory.Unknown,
    };

    /// <summary>
    /// Whether what the client writes is compared with a PHI column as the column's own type: text with text. A number or a date is compared with
    /// any literal as what it is. Of a parameter only its binding says what it is: <see cref="IsOfText"/>.
    /// </summary>
    public static bool IsExact(Flow column, Expression value) => ExpressionAnalyser.Bare(value) switch
    {
        Literal { Kind: LiteralKind.Null } => true,
        Literal literal => !IsOfText(column) || literal.Kind is LiteralKind.Text or LiteralKind.Bits,
        Construction { Kind: ConstructionKind.Row } => false,
        _ => true,
    };

    /// <summary>Whether the column can have but one of its values where it equals what the client writes; of a parameter nobody knows yet what it is.</summary>
    public static bool IsOfOneValue(Flow column, Expression value) =>
        column.Sources.Columns.All(static source => CategoryOf(source.Column) is ValueCategory.Number)
        || ExpressionAnalyser.Bare(value) is Literal { Kind: LiteralKind.Text } && column.Sources.Columns.All(static source => CategoryOf(source.Column) is ValueCategory.Text);

    /// <summary>Whether some of the sources are texts, or nobody knows.</summary>
    public static bool IsOfText(Flow column)
    {
        foreach (var source in column.Sources.Columns)
            if (source.IsPhi && CategoryOf(source.Column) is ValueCategory.Text or ValueCategory.Unknown)
                return true;
        return false;
    }

    /// <summary>Whether a copy is stored as it is: of a longer text, or of another type, it would depend on the value whether the statement fails.</summary>
    public static bool IsStoredWhole(in ColumnWrite write)
    {
        if (write.Column is not { } target)
            return false;
        foreach (var source in write.Value.Sources.Columns)
            if (source.Column.TypeOid != target.TypeOid || source.Column.TypeModifier != target.TypeModifier)
                return false;
        return true;
    }

    /// <summary>Whether two columns, or sets of them, are of one category throughout.</summary>
    public static bool AreAlike(Flow left, Flow right)
    {
        ValueCategory? common = null;
        foreach (var source in left.Sources.Columns.Concat(right.Sources.Columns))
        {
            var category = CategoryOf(source.Column);
            // The same column on both sides is like itself, whatever it is.
            if (category is ValueCategory.Unknown)
                return left.Sources.IsWithin(right.Sources) && right.Sources.IsWithin(left.Sources) && left.Sources.Columns.Length == 1;
            if (common is { } other && other != category)
                return false;
            common = category;
        }
        return true;
    }
}
