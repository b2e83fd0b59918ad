using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>A window definition: in OVER, or named in WINDOW.</summary>
public sealed class Window : SyntaxNode
{
    /// <summary>In WINDOW: the name it gets. In OVER name: the window that it refers to is <see cref="Base"/>.</summary>
    public string? Name { get; init; }

    /// <summary>The named window that this one refers to or extends.</summary>
    public string? Base { get; init; }
    public ImmutableArray<Expression> PartitionBy { get; init; } = [];
    public ImmutableArray<Expression> OrderBy { get; init; } = [];

    /// <summary>Whether a frame is spelled out. Without one, rows that the window does not tell apart are all in or all out.</summary>
    public bool HasFrame { get; init; }

    /// <summary>Start and end offsets of the frame.</summary>
    public ImmutableArray<Expression> FrameOffsets { get; init; } = [];
}
