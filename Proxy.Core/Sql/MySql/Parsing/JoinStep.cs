using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>One more source in a row of joins, as written: conditions may come later, and then say how far its right side goes.</summary>
internal struct JoinStep
{
    /// <summary>Of <see cref="OpenBefore"/>.</summary>
    public const int None = -1;

    public JoinKind Kind { get; set; }

    public Source Right { get; set; }

    public bool IsNatural { get; set; }

    /// <summary>LEFT and RIGHT without a condition are faults.</summary>
    public bool NeedsCondition { get; set; }

    public bool HasCondition { get; set; }

    /// <summary>The step before that had no condition when this one came: the next one to get one behind this.</summary>
    public int OpenBefore { get; set; }

    public Expression? On { get; set; }

    public ImmutableArray<string> Using { get; set; }

    /// <summary>The last step of the right side.</summary>
    public int LastOfRight { get; set; }

    public int End { get; set; }
}
