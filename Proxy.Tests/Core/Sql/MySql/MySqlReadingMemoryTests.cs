using System.Text;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.MySql;

namespace Proxy.Tests.Core.Sql.MySql;

/// <summary>What reading allocates is what is kept: the tree and the names. Nothing of it is for the text as such.</summary>
public sealed class MySqlReadingMemoryTests
{
    private static readonly ISqlFrontEnd FrontEnd =
        new MySqlFrontEnd(new MySqlFrontEndOptions { CacheBytesMax = 0, InlineTextBytesMax = 1024 * 1024 }).For(MySqlReadSettings.Default);

    [Test]
    public void Blanks_and_comments_cost_no_memory()
    {
        var much = $"select name/* {new string('x', 20_000)} */from{new string(' ', 20_000)}patients -- {new string('y', 8_000)}\nwhere id = 1";
        Assert.That(Allocated(much), Is.EqualTo(Allocated("select name from patients where id = 1")));
    }

    [TestCase("'", "x", "'")]
    [TestCase("'", "\\n", "'")]
    [TestCase("'", "x''", "'")]
    [TestCase("'x'", " 'y'", "")]
    [TestCase("", "7", "")]
    [TestCase("0.", "7", "")]
    [TestCase("x'", "4f", "'")]
    [TestCase("_latin1'", "x", "'")]
    [TestCase("b'", "1", "'")]
    public void A_constant_costs_the_same_whatever_its_length(string begin, string part, string end)
    {
        string Written(int parts) => $"select id from notes where body = {begin}{string.Concat(Enumerable.Repeat(part, parts))}{end} and id > 1";
        Assert.That(Allocated(Written(200_000)), Is.EqualTo(Allocated(Written(2_000))));
    }

    [Test]
    public void A_list_of_rows_costs_what_its_values_cost()
    {
        string Written(int rows) => $"insert into t (a, b) values {string.Join(", ", Enumerable.Repeat("(1, 'x')", rows))}";
        Assert.That(Allocated(Written(8_000)), Is.LessThanOrEqualTo(4 * Allocated(Written(2_000))));
    }

    [Test]
    public void Names_that_have_been_met_cost_no_memory()
    {
        var (known, others) = ("select a_name_of_some_length, another_one from a_table_of_some_length", "select a, b from c");
        Assert.That(Allocated(known), Is.EqualTo(Allocated(others)));
    }

    [Test]
    public void Memory_is_linear_in_the_tree()
    {
        var (some, many) = (Allocated(Conditions(640)), Allocated(Conditions(2560)));
        Assert.That(many, Is.LessThanOrEqualTo(4 * some));
    }

    private static string Conditions(int count) => $"select id from visits where {string.Join(" and ", Enumerable.Range(0, count).Select(static i => $"id <> {100_000 + i}"))}";

    /// <summary>Once code is compiled, memory to read in is there, and names are known.</summary>
    private static long Allocated(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Enumerable.Range(0, 5).Select(_ => AllocatedOnce(bytes)).Min();
    }

    private static long AllocatedOnce(byte[] text)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isRead = FrontEnd.TryAnalyse(text, out var analysis);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That((isRead, analysis.Status), Is.EqualTo((true, AnalysisStatus.Read)));
        return allocated;
    }
}
