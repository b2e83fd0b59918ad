using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>SELECT … INTO, where it makes no table.</summary>
public sealed class IntoClause : SyntaxNode
{
    /// <summary>INTO OUTFILE and DUMPFILE: a file of the server.</summary>
    public bool IsFile { get; init; }

    /// <summary>Variables of the session, without the @.</summary>
    public ImmutableArray<string> Variables { get; init; } = [];
}
