using System.Collections.Immutable;

namespace Proxy.Core.Explaining;

/// <summary>One statement of the text.</summary>
public sealed record StatementExplanation
{
    public required string Kind { get; init; }

    /// <summary>Where it stands in the text, in bytes.</summary>
    public required int Start { get; init; }
    public required int Length { get; init; }

    /// <summary>The common tree, one line for each node, indented; literals without values. Empty where there is none.</summary>
    public required ImmutableArray<string> Tree { get; init; }
    public required ImmutableArray<RelationExplanation> Relations { get; init; }
    public required ImmutableArray<string> Functions { get; init; }
    public required ImmutableArray<string> Operators { get; init; }

    /// <summary>Whether lineage is known; without, columns are judged by the origins that the server names.</summary>
    public required bool HasLineage { get; init; }

    /// <summary>What it shows, column by column; empty for a statement without rows, and where lineage is not known.</summary>
    public required ImmutableArray<ColumnExplanation> Columns { get; init; }

    /// <summary>PHI that decides which rows there are, or in which order.</summary>
    public required ImmutableArray<ConditionExplanation> Conditions { get; init; }
    public required ImmutableArray<WriteExplanation> Writes { get; init; }

    /// <summary>Risk classes, as rules name them.</summary>
    public required ImmutableArray<string> Risk { get; init; }

    /// <summary>What was found, in short phrases.</summary>
    public required ImmutableArray<string> Findings { get; init; }

    /// <summary>Every rule of rules.yaml up to the one that matched.</summary>
    public required ImmutableArray<RuleExplanation> Rules { get; init; }
}
