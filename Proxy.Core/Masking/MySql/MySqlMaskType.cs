namespace Proxy.Core.Masking.MySql;

/// <summary>The types that have a mask, by how their values are read and written. Zero, a type without a mask, becomes NULL.</summary>
public enum MySqlMaskType : byte
{
    Unknown = 0,

    /// <summary>TINYINT to BIGINT; <see cref="MySqlColumnMask.Width"/> says how many bytes.</summary>
    Integer,
    Year,
    Float,
    Double,

    /// <summary>Digits in both protocols.</summary>
    Decimal,

    /// <summary>BIT(n): its bytes, the highest first, in both protocols.</summary>
    Bit,
    Date,
    DateTime,

    /// <summary>A moment that the server writes in the session's time zone; years 1970 to 2038.</summary>
    Timestamp,

    /// <summary>A duration of up to 838 hours, with a sign.</summary>
    Time,

    /// <summary>CHAR, VARCHAR and the texts, in a character set in which ASCII is ASCII.</summary>
    Text,

    /// <summary>Text in a character set in which ASCII is something else; only the empty text is the same in all of them.</summary>
    ForeignText,

    /// <summary>VARBINARY and the blobs.</summary>
    Bytes,

    /// <summary>BINARY(n), whose length is exact.</summary>
    FixedBytes,
    Json,
    Enum,
    Set,
    Geometry,

    /// <summary>MariaDB's UUID, INET4 and INET6: text in both protocols.</summary>
    Uuid,
    Inet4,
    Inet6,
}
