using System.Collections.Immutable;
using System.Globalization;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Host.Catalogue.MySql;

/// <summary>
/// MySQL has no numbers for types in its catalogue. A type that holds the same values as one of PostgreSQL's has that one's number, so that whatever
/// looks at types needs to know one set; enums and geometries get numbers of their own, which stay the same from load to load.
/// </summary>
internal sealed class MySqlTypeNumbers
{
    private const int VariableHeader = 4; // which PostgreSQL's modifiers of varchar and numeric include
    private const uint FirstOfOwn = 0x4000_0000;

    private readonly Dictionary<string, TypeFact> _own = new(StringComparer.Ordinal);

    public IReadOnlyCollection<TypeFact> Own => _own.Values;

    /// <summary>The type's number and modifier.</summary>
    /// <param name="dataType">As in COLUMNS.DATA_TYPE, in lower case.</param>
    /// <param name="columnType">As in COLUMNS.COLUMN_TYPE: with its length, or with its labels.</param>
    /// <param name="length">CHARACTER_MAXIMUM_LENGTH.</param>
    /// <param name="precision">NUMERIC_PRECISION.</param>
    /// <param name="scale">NUMERIC_SCALE.</param>
    public (uint TypeOid, int Modifier) Of(string dataType, string columnType, long? length, int? precision, int? scale) => dataType switch
    {
        "tinyint" or "smallint" or "year" => (PostgresTypeOid.Int2, -1),
        "mediumint" or "int" => (PostgresTypeOid.Int4, -1),
        "bigint" => (PostgresTypeOid.Int8, -1),
        "float" => (PostgresTypeOid.Float4, -1),
        "double" => (PostgresTypeOid.Float8, -1),
        "decimal" => (PostgresTypeOid.Numeric, (((precision ?? 10) << 16) | (scale ?? 0)) + VariableHeader),
        "bit" => (PostgresTypeOid.Bit, precision ?? 1),
        "date" => (PostgresTypeOid.Date, -1),
        "datetime" => (PostgresTypeOid.Timestamp, -1),
        "timestamp" => (PostgresTypeOid.TimestampTz, -1),
        "time" => (PostgresTypeOid.Time, -1),
        "char" or "varchar" => (PostgresTypeOid.Varchar, length is > 0 and < int.MaxValue - VariableHeader ? (int)length + VariableHeader : -1),
        "tinytext" or "text" or "mediumtext" or "longtext" or "set" => (PostgresTypeOid.Text, -1),
        "binary" or "varbinary" or "tinyblob" or "blob" or "mediumblob" or "longblob" => (PostgresTypeOid.Bytea, -1),
        "json" => (PostgresTypeOid.Json, -1),
        "uuid" => (PostgresTypeOid.Uuid, -1),
        "inet4" => (PostgresTypeOid.Inet, MySqlDeclaredType.Inet4),
        "inet6" => (PostgresTypeOid.Inet, MySqlDeclaredType.Inet6),
        "enum" => (OwnNumber(columnType, TypeKind.Enum, LabelsOf(columnType)), -1),
        _ => (OwnNumber(dataType == "geomcollection" ? "geometrycollection" : dataType, TypeKind.Base, []), -1),
    };

    private uint OwnNumber(string name, TypeKind kind, ImmutableArray<string> labels)
    {
        if (!_own.TryGetValue(name, out var fact))
            _own.Add(name, fact = new TypeFact(FirstOfOwn + (uint)_own.Count, name, kind) { Labels = labels });
        return fact.Oid;
    }

    /// <summary>From <c>enum('a','it''s')</c>: quotes are doubled, and nothing else is written otherwise than it is (append_unescaped).</summary>
    private static ImmutableArray<string> LabelsOf(string columnType)
    {
        var labels = ImmutableArray.CreateBuilder<string>();
        for (var at = columnType.IndexOf('\'', StringComparison.Ordinal); at >= 0 && at < columnType.Length; at = columnType.IndexOf('\'', at))
        {
            var label = new System.Text.StringBuilder();
            for (at++; at < columnType.Length; at++)
            {
                if (columnType[at] != '\'')
                    label.Append(columnType[at]);
                else if (at + 1 < columnType.Length && columnType[at + 1] == '\'')
                    label.Append(columnType[at++]);
                else
                    break;
            }
            labels.Add(label.ToString());
            at++;
        }
        return labels.ToImmutable();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_own.Count} types");
}
