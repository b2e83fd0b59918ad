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
    public const uint Oid = 26;
    public const uint Tid = 27;
    public const uint Xid = 28;
    public const uint Cid = 29;
    public const uint Json = 114;
    public const uint Xml = 142;
    public const uint Point = 600;
    public const uint Lseg = 601;
    public const uint Path = 602;
    public const uint Box = 603;
    public const uint Polygon = 604;
    public const uint Line = 628;
    public const uint Cidr = 650;
    public const uint Float4 = 700;
    public const uint Float8 = 701;
    public const uint Unknown = 705;
    public const uint Circle = 718;
    public const uint Macaddr8 = 774;
    public const uint Money = 790;
    public const uint Macaddr = 829;
    public const uint Inet = 869;
    public const uint Bpchar = 1042;
    public const uint Varchar = 1043;
    public const uint Date = 1082;
    public const uint Time = 1083;
    public const uint Timestamp = 1114;
    public const uint TimestampTz = 1184;
    public const uint Interval = 1186;
    public const uint TimeTz = 1266;
    public const uint Bit = 1560;
    public const uint Varbit = 1562;
    public const uint Numeric = 1700;
    public const uint Refcursor = 1790;
    public const uint Uuid = 2950;
    public const uint PgLsn = 3220;
    public const uint Tsvector = 3614;
    public const uint Tsquery = 3615;
    public const uint Jsonb = 3802;
    public const uint Jsonpath = 4072;
    public const uint Xid8 = 5069;

    /// <summary>regproc, regprocedure, regoper, regoperator, regclass, regtype, regconfig, regdictionary, regnamespace, regrole, regcollation.</summary>
    public static bool IsObjectName(uint oid) => oid is 24 or (>= 2202 and <= 2206) or 3734 or 3769 or 4089 or 4096 or 4191;

    /// <summary>int4range, numrange, tsrange, tstzrange, daterange, int8range.</summary>
    public static bool IsRange(uint oid) => oid is 3904 or 3906 or 3908 or 3910 or 3912 or 3926;

    /// <summary>The multiranges of those.</summary>
    public static bool IsMultirange(uint oid) => oid is 4451 or 4532 or 4533 or 4534 or 4535 or 4536;

    /// <summary>The element type of an array type that has a mask; any other number itself.</summary>
    public static uint ElementOf(uint oid) => oid switch
    {
        143 => Xml,
        199 => Json,
        271 => Xid8,
        629 => Line,
        651 => Cidr,
        719 => Circle,
        775 => Macaddr8,
        791 => Money,
        1000 => Bool,
        1001 => Bytea,
        1002 => Char,
        1003 => Name,
        1005 => Int2,
        1007 => Int4,
        1008 => 24,
        1009 => Text,
        1010 => Tid,
        1011 => Xid,
        1012 => Cid,
        1014 => Bpchar,
        1015 => Varchar,
        1016 => Int8,
        1017 => Point,
        1018 => Lseg,
        1019 => Path,
        1020 => Box,
        1021 => Float4,
        1022 => Float8,
        1027 => Polygon,
        1028 => Oid,
        1040 => Macaddr,
        1041 => Inet,
        1115 => Timestamp,
        1182 => Date,
        1183 => Time,
        1185 => TimestampTz,
        1187 => Interval,
        1231 => Numeric,
        1270 => TimeTz,
        1561 => Bit,
        1563 => Varbit,
        2201 => Refcursor,
        >= 2207 and <= 2211 => oid - 5,
        2951 => Uuid,
        3221 => PgLsn,
        3643 => Tsvector,
        3645 => Tsquery,
        3735 => 3734,
        3770 => 3769,
        3807 => Jsonb,
        3905 or 3907 or 3909 or 3911 or 3913 or 3927 => oid - 1,
        4073 => Jsonpath,
        4090 => 4089,
        4097 => 4096,
        4192 => 4191,
        6150 => 4451,
        >= 6151 and <= 6153 => oid - 1619,
        6155 => 4535,
        6157 => 4536,
        _ => oid,
    };
}
