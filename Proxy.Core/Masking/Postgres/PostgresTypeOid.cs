namespace Proxy.Core.Masking.Postgres;

/// <summary>pg_type.oid of the built-in types that have a mask (PostgreSQL's src/include/catalog/pg_type.dat), named as there.</summary>
public static class PostgresTypeOid
{
    public const uint Bool = 16;
    public const uint Bytea = 17;
    public const uint Char = 18;
    public const uint Name = 19;
    public const uint Int8 = 20;
    public const uint Int2 = 21;
    public const uint Int4 = 23;
    public const uint Text = 25;
    public const uint Json = 114;
    public const uint Float4 = 700;
    public const uint Float8 = 701;
    public const uint Unknown = 705;
    public const uint Bpchar = 1042;
    public const uint Varchar = 1043;
    public const uint Date = 1082;
    public const uint Time = 1083;
    public const uint Timestamp = 1114;
    public const uint TimestampTz = 1184;
    public const uint Interval = 1186;
    public const uint TimeTz = 1266;
    public const uint Numeric = 1700;
    public const uint Uuid = 2950;
    public const uint Jsonb = 3802;

    /// <summary>The element type of an array type that has a mask; any other number itself.</summary>
    public static uint ElementOf(uint oid) => oid switch
    {
        199 => Json,
        1000 => Bool,
        1001 => Bytea,
        1002 => Char,
        1003 => Name,
        1005 => Int2,
        1007 => Int4,
        1009 => Text,
        1014 => Bpchar,
        1015 => Varchar,
        1016 => Int8,
        1021 => Float4,
        1022 => Float8,
        1115 => Timestamp,
        1182 => Date,
        1183 => Time,
        1185 => TimestampTz,
        1187 => Interval,
        1231 => Numeric,
        1270 => TimeTz,
        2951 => Uuid,
        3807 => Jsonb,
        _ => oid,
    };
}
