namespace Proxy.Core.Sql;

/// <summary>How COPY writes rows.</summary>
public enum CopyFormat : byte
{
    /// <summary>Fields between tabs, special characters escaped by a backslash.</summary>
    Text = 0,
    Csv,
    Binary,
}
