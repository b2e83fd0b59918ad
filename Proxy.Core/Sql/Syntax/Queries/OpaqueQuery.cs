namespace Proxy.Core.Sql.Syntax;

/// <summary>A query that the front end does not understand.</summary>
public sealed class OpaqueQuery : Query
{
    public required string Because { get; init; }
}
