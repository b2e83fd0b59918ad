namespace Proxy.Core.Sql.Lineage.MySql;

/// <summary>How MySQL compares values: two of one category as what they are, two of different ones by a conversion that makes many values equal.</summary>
internal enum ValueCategory : byte
{
    Unknown = 0,
    Text,
    Number,
    Moment,
}
