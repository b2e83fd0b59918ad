namespace Proxy.Core.Sql.Syntax;

/// <summary>An entry of FROM that the front end does not understand.</summary>
public sealed class OpaqueSource : Source
{
    public required string Because { get; init; }
}
