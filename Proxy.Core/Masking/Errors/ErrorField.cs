namespace Proxy.Core.Masking.Errors;

/// <summary>The fields of an error that name objects, by PostgreSQL's letters.</summary>
public enum ErrorField : byte
{
    None = 0,
    Schema = (byte)'s',
    Table = (byte)'t',
    Column = (byte)'c',
    DataType = (byte)'d',
    Constraint = (byte)'n',
}
