using System.Collections.Immutable;
using Proxy.Core.Sql.Lineage.RowOrder;

namespace Proxy.Core.Sql.Lineage;

/// <summary>Where everything that a statement shows, decides by and stores comes from, under one catalogue.</summary>
public sealed class StatementLineage
{
    /// <summary>The columns of the answer; null when the statement has no rows.</summary>
    public RowShape? Outputs { get; init; }

    /// <summary>Every column that the statement names or expands to, of the relations it names: a view's own columns for a view.</summary>
    public required SourceSet Reads { get; init; }

    /// <summary>PHI among what decides. What is not PHI is not listed.</summary>
    public required ImmutableArray<ConditionFlow> Conditions { get; init; }

    public required ImmutableArray<ColumnWrite> Writes { get; init; }

    public required ImmutableArray<ValueUse> Uses { get; init; }

    /// <summary>
    /// In MySQL, the numbers of parameters that are compared with texts that are PHI: bound as a number, such a parameter would be compared with numbers
    /// that the texts begin with.
    /// </summary>
    public ImmutableArray<int> TextParameters { get; init; } = [];

    /// <summary>Whether PHI is compared with values of the client that are not all among <see cref="Uses"/>: those of VALUES, of a subquery, of a function's arguments.</summary>
    public bool ComparesUnlisted { get; init; }

    /// <summary>Whether the body of a function was followed that returns PHI: planning may compute it, and print it in the plan.</summary>
    public bool FollowsPhi { get; init; }

    /// <summary>What EXPLAIN shows of this statement where it is named by EXECUTE; null where its plan can hold values.</summary>
    public StatementLineage? OfPlan(SqlDialect dialect) => FollowsPhi || (dialect is SqlDialect.MySql && TouchesPhi) ? null : new()
    {
        Outputs = new RowShape([], Flow.Constant with { Part = ValuePart.Plan }),
        Reads = Reads,
        Conditions = Conditions,
        Writes = Writes,
        Uses = [],
        Findings = [],
    };

    /// <summary>What it reads that PHI sorts, for those that read it as a view.</summary>
    internal ScanFacts? Scans { get; init; }

    /// <summary>Where rows are made into one, and whether the answer says how many; null where none are.</summary>
    public GroupShape? Groups { get; init; }

    /// <summary>What could not be understood, for people.</summary>
    public required ImmutableArray<string> Findings { get; init; }

    /// <summary>Whether anything was not understood that could show, decide or store something.</summary>
    public bool IsOpaque { get; init; }

    /// <summary>Whether it names something that is not there, as far as the catalogue knows.</summary>
    public bool HasUnresolvedNames { get; init; }

    /// <summary>Whether PHI goes where others can see it: a channel, a setting, a sequence.</summary>
    public bool Exports { get; init; }

    /// <summary>Whether any PHI column flows into the answer.</summary>
    public bool ShowsPhi
    {
        get
        {
            if (Outputs is null)
                return false;
            foreach (var (_, flow) in Outputs.Columns)
                if (flow.IsPhi)
                    return true;
            return Outputs.Rest is { IsPhi: true };
        }
    }

    /// <summary>Whether it reads a relation that can hold PHI in any of its columns, by itself or in the body of a function.</summary>
    public bool TouchesPhi
    {
        get
        {
            foreach (var read in Reads.Columns)
                if (read.Relation.CarriesPhi)
                    return true;
            return false;
        }
    }

    public bool Decides(ConditionForm form)
    {
        foreach (var condition in Conditions)
            if (condition.Form == form)
                return true;
        return false;
    }
}
