using NUnit.Framework;
using Proxy.Core.Sql.Lineage;
using Proxy.Tests.Core.Catalogue;

namespace Proxy.Tests.Core.Sql.Lineage.RowOrder;

/// <summary>What a statement costs whose order decides something at thousands of places: not the product of these and of what it reads.</summary>
public sealed class HostileOrderTests
{
    [Test]
    public async Task Choices_among_many_tables_are_not_each_noted_with_all_of_them()
    {
        var calls = string.Join(", ", Enumerable.Repeat("lag(1) over ()", 2_000));
        var tables = string.Join(", ", Enumerable.Range(0, 2_000).Select(static i => $"queue q{i}"));
        var equal = string.Join(" and ", Enumerable.Range(0, 2_000).Select(static i => $"q{i}.id = q{(i + 1) % 2_000}.clinic"));

        await AssertIsBoundedAsync($"select {calls} from {tables} where {equal}", 100_000_000);
    }

    [Test]
    public async Task Choices_that_differ_in_nothing_are_one() =>
        await AssertIsBoundedAsync($"select {string.Join(", ", Enumerable.Repeat("lag(1) over ()", 10_000))} from queue where clinic = 1", 30_000_000);

    [Test]
    public async Task Choices_that_all_differ_are_not_followed_without_end()
    {
        var calls = string.Join(", ", Enumerable.Range(0, 5_000).Select(static i => $"(select lag(1) over () from queue q where q.id = b{i % 100}.id and q.clinic = {i} limit 1)"));
        var tables = string.Join(", ", Enumerable.Range(0, 100).Select(static i => $"queue b{i}"));

        await AssertIsBoundedAsync($"select {calls} from {tables}", 100_000_000);
    }

    private static async Task AssertIsBoundedAsync(string sql, long bytes)
    {
        var snapshot = await LineageCatalogueFixture.SnapshotAsync();
        var catalogue = new LineageCatalogue(snapshot);
        var statement = (await Reader.ReadAsync(sql)).Syntax!;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var lineage = LineageAnalyser.Analyse(statement, catalogue);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // Either is refused by every policy that does not allow the order.
        Assert.That(lineage is null ? "ordering(public.queue.ssn)" : LineageTests.Conditions(lineage), Does.Contain("(public.queue.ssn)"));
        Assert.That(allocated, Is.LessThan(bytes));
    }
}
