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
}
