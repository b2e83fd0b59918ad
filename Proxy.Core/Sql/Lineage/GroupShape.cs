using System.Collections.Immutable;

namespace Proxy.Core.Sql.Lineage;

/// <summary>Where a statement makes one value out of many rows, and whether its own answer says out of how many.</summary>
public sealed record GroupShape
{
    /// <summary>The column of the answer that is count(*), of the same rows as every other aggregate; null where there is none, or where rows are made into one elsewhere, too.</summary>
    public int? CountColumn { get; init; }

    /// <summary>Which columns of the answer are made of many rows; empty where no column counts them.</summary>
    public ImmutableArray<bool> IsMade { get; init; } = [];

    /// <summary>Why the answer does not say it; empty where it does.</summary>
    public string Because { get; init; } = "";
}
