namespace Proxy.Core.Masking;

/// <summary>
/// The types that have a mask, by how their values are read and written. Zero, a type without a mask, becomes NULL.
/// Arrays are these with <see cref="ColumnMask.IsArray"/>.
/// </summary>
public enum MaskType : byte
{
    Unknown = 0,
    Int16,
    Int32,
    Int64,
    Float4,
    Float8,
    Numeric,
    Bool,

    /// <summary>text, varchar, name, unknown.</summary>
    Text,

    /// <summary>char(n), whose trailing blanks do not count.</summary>
    BlankPaddedText,

    /// <summary>PostgreSQL's one-byte "char".</summary>
    SingleByte,
    Bytea,
    Date,
    Time,
    TimeTz,
    Timestamp,
    TimestampTz,
    Interval,
    Uuid,
    Json,
    Jsonb,

    /// <summary>bit(n), whose length is exact.</summary>
    Bit,
    Varbit,

    /// <summary>inet and cidr: PostgreSQL compares them with each other.</summary>
    Inet,
    Cidr,
    MacAddress,
    MacAddress8,
    Money,
    Xml,
    TsVector,
    TsQuery,
    Point,
    Line,
    LineSegment,
    Box,
    Path,
    Polygon,
    Circle,
    JsonPath,
    LogPosition,

    /// <summary>oid and the unsigned counters of the system columns: xid, cid.</summary>
    ObjectId,

    /// <summary>regclass and its like: an oid that is written as a name.</summary>
    ObjectName,
    TransactionId8,
    TupleId,
    Range,
    Multirange,
    Enum,
    Composite,

    /// <summary>The extension hstore's.</summary>
    Hstore,
}
