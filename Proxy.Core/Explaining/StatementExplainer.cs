using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Explaining;

/// <summary>Judges a text as the gateway would, runs nothing, and says what it found.</summary>
public sealed class StatementExplainer(IPolicySource policies, ICatalogueSource catalogues, MaskPlanner planner, TimeProvider time)
{
    public Explanation Explain(Principal principal, string target, string database, StatementAnalysis analysis)
    {
        var judge = new SessionJudge(principal, target, database, policies, catalogues, planner, time);
        var judgement = judge.Judge(analysis, NoNames.Instance);
        return new Explanation
        {
            Identity = principal.ToString(),
            Target = target,
            Database = database,
            PolicyVersion = judgement.PolicyVersion,
            Budget = BudgetOf(policies.Current.For(principal, target, database).Budget),
            Status = Words.Of(analysis.Status),
            Decision = Of(judgement.Decision),
            Statements = [.. analysis.Statements.Select((reading, index) =>
                Explain(reading, judgement.AssessmentOf(index), judgement, principal, target, database))],
        };
    }

    private StatementExplanation Explain(
        StatementReading reading, RiskAssessment assessment, Judgement judgement, Principal principal, string target, string database)
    {
        var lineage = assessment.Lineage;
        return new StatementExplanation
        {
            Kind = Words.Of(reading.Kind),
            Start = reading.Start,
            Length = reading.Length,
            Tree = SyntaxOutline.Of(reading.Syntax),
            Relations = [.. reading.Relations.Select(mention => Of(mention, judgement.Catalogue))],
            Functions = [.. reading.Functions.Select(static name => name.ToString())],
            Operators = [.. reading.Operators.Select(static name => name.ToString())],
            HasLineage = lineage is not null,
            Columns = lineage?.Outputs is { } outputs ? [.. Columns(outputs, judgement.Decision)] : [],
            Conditions = lineage is null ? [] : [.. lineage.Conditions.Select(static condition =>
                new ConditionExplanation(Words.Of(condition.Form), Words.Of(condition.Sources), condition.Position))],
            Writes = lineage is null ? [] : [.. lineage.Writes.Select(static write => new WriteExplanation(
                write.Column is { } column ? $"{write.Relation}.{column.Name}" : $"{write.Relation}",
                IdentifierClassNames.Format(write.Column?.Class ?? IdentifierClass.Unreviewed),
                Words.Of(write.Value.Sources), write.ReplacesValue))],
            Risk = Words.Of(assessment.Classes),
            Findings = assessment.Findings,
            Rules = RuleTrace.Of(policies.Current, principal, target, database, assessment.Risks, time.GetUtcNow()),
        };
    }

    private IEnumerable<ColumnExplanation> Columns(RowShape outputs, Decision decision)
    {
        foreach (var (name, flow) in outputs.Columns)
            yield return Column(name, flow, decision);
        if (outputs.Rest is { } rest)
            yield return Column("(others)", rest, decision);
    }

    private ColumnExplanation Column(string name, Flow flow, Decision decision)
    {
        var mask = MaskExplanation.Of(flow, decision, planner);
        return new ColumnExplanation(name, Words.Of(flow.Derivation), Words.Of(flow.Sources), decision.IsForwarded ? mask.Shown : null, mask.Why);
    }

    private static RelationExplanation Of(RelationMention mention, CatalogueSnapshot catalogue)
    {
        var meant = catalogue.Candidates(mention.Name);
        return new RelationExplanation(
            mention.Name.ToString(), mention.IsWritten, !meant.IsEmpty, meant.IsEmpty || meant.Any(static relation => relation.CarriesPhi));
    }

    private static ImmutableSortedDictionary<string, long> BudgetOf(Budget budget) =>
        Enum.GetValues<BudgetKind>().Where(kind => budget.Of(kind) is not null)
            .ToImmutableSortedDictionary(BudgetKindNames.Format, kind => budget.Of(kind)!.Value, StringComparer.Ordinal);

    private static DecisionExplanation Of(Decision decision) => new(
        Words.Of(decision.Verdict),
        decision.IsForwarded ? Words.Of(decision.Profile) : null,
        decision.Rule.Length > 0 ? decision.Rule : null,
        decision.Refusal?.Code, decision.Refusal?.Why, decision.Refusal?.Instead);

    /// <summary>No session: EXECUTE and FETCH find nothing.</summary>
    private sealed class NoNames : INamedStatements
    {
        public static NoNames Instance { get; } = new();

        public RiskAssessment? Prepared(string name) => null;

        public RiskAssessment? Cursor(string name) => null;
    }
}
