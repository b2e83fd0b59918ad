using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage.RowOrder;

/// <summary>From what was noted to conditions: PHI in whose order rows may be shown, numbered or chosen.</summary>
internal sealed class RowOrderConclusion(ScanFacts facts, LineageRun run)
{
    private readonly ReadableIndexes _indexes = new(facts, run.Collector);

    /// <summary>Notes the PHI that sorts rows in whose order something is decided, unless that order tells them apart.</summary>
    /// <param name="choice">Where it is.</param>
    /// <param name="isTrusted">Whether rows that the choice leaves out do not show either.</param>
    public void Note(OrderedChoice choice, bool isTrusted)
    {
        RowKeys? keys = null;
        HashSet<ColumnSource>? known = null;
        HashSet<ColumnSource>? decisive = null;
        foreach (var table in choice.At.Shown.Distinct())
        {
            run.Step();
            var indexes = _indexes.Of(table);
            if (indexes.All(entry => entry.Index.Phi.All(number => IsNoted(table, number)) && Elsewhere(entry.Index) is null))
                continue;
            if (isTrusted && !facts.IsRepeated && !facts.Repeated.Contains(table) && (keys ??= new RowKeys(choice, facts.Single, run)).TellApart(table))
                continue;
            known ??= isTrusted ? [.. choice.At.Nulls, .. choice.At.Known] : [];
            decisive ??= [.. facts.Decisive, .. facts.Last.Nulls.Except(choice.At.Nulls), .. facts.Last.Known.Except(choice.At.Known)];
            foreach (var (index, alone) in indexes)
            {
                run.Step();
                if (Elsewhere(index) is { } hidden)
                    Note(hidden.Relation, hidden.Column);
                if (index.Phi.Select(table.Column).FirstOrDefault(column => column is { IsPhi: true } && !IsKnown(table, column, known, decisive)) is { } phi
                    && phi.Number != alone)
                    Note(table, phi);
            }
        }
    }

    /// <summary>Notes all PHI that sorts anything: what was to be looked at is more than is worth a decision.</summary>
    public static void NoteAll(ScanFacts facts, LineageRun run)
    {
        foreach (var table in facts.Sorted)
            foreach (var index in table.Indexes)
            {
                foreach (var number in index.Phi)
                {
                    run.Step();
                    if (table.Column(number) is { IsPhi: true } phi)
                        Note(table, phi, run.Collector);
                }
                foreach (var (relation, number) in index.Elsewhere)
                {
                    run.Step();
                    if (run.Catalogue.Snapshot.Find(relation) is { } child && child.Column(number) is { IsPhi: true } phi)
                        Note(child, phi, run.Collector);
                }
            }
    }

    /// <summary>PHI of a child that sorts the rows and is not noted yet.</summary>
    private ColumnSource? Elsewhere(CatalogueIndex index)
    {
        foreach (var (relation, number) in index.Elsewhere)
            if (run.Catalogue.Snapshot.Find(relation) is { } child && child.Column(number) is { IsPhi: true } phi && !run.Collector.IsDecidedBy(new ColumnSource(child, phi)))
                return new ColumnSource(child, phi);
        return null;
    }

    private bool IsNoted(CatalogueRelation table, short number) =>
        table.Column(number) is not { IsPhi: true } column || run.Collector.IsDecidedBy(new ColumnSource(table, column));

    private void Note(CatalogueRelation table, CatalogueColumn phi) => Note(table, phi, run.Collector);

    private static void Note(CatalogueRelation table, CatalogueColumn phi, LineageCollector collector)
    {
        var source = new ColumnSource(table, phi);
        if (collector.IsDecidedBy(source))
            return;
        var flow = Flow.Of(source);
        collector.Condition(flow.IsIdentifier ? ConditionForm.Ordering : ConditionForm.Other, flow, position: -1);
        collector.Suggest($"rows of {table} may come in the order of {phi.Name}, by an index: ORDER BY a unique key that is no PHI, or all that rows are grouped by");
    }

    /// <summary>Whether the client says itself which values there are; all NULLs are alike. Among those no order tells more than each of them does.</summary>
    private static bool IsKnown(CatalogueRelation table, CatalogueColumn column, HashSet<ColumnSource> known, HashSet<ColumnSource> decisive) =>
        RowKeys.Comes(table, column, known) && !RowKeys.Comes(table, column, decisive);
}
