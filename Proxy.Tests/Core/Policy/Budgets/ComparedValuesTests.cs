using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Core.Sql;
using Proxy.Tests.Core.Catalogue;

namespace Proxy.Tests.Core.Policy.Budgets;

public sealed class ComparedValuesTests
{
    private readonly BudgetCodes _codes = new();

    [OneTimeTearDown]
    public void Close() => _codes.Dispose();

    [TestCase("select id from public.patients where ward = 'A'", 0)]
    [TestCase("select id from public.patients where ssn = '1' and ward = 'A'", 1)]
    [TestCase("select id from public.patients where ssn in ('1', '2', '1')", 2)]
    [TestCase("select id from public.patients where ssn = any('{1,2,3}')", 3)]
    [TestCase("select id from public.patients where ssn = any(array['1', '2'])", 2)]
    [TestCase("select id from public.patients where (ssn, ward) = ('1', 'A')", 1)]
    [TestCase("select id from public.patients where ssn in (values ('1'), ('2'), ('3'))", 3)]
    [TestCase("select p.id from public.patients p join (values ('1'), ('2')) v(s) on p.ssn = v.s", 2)]
    [TestCase("select id from public.patients where ssn in (select '1' union all select '2')", 1)]
    [TestCase("select a.id from public.patients a join public.patients b on a.ssn = b.ssn", 0)]
    [TestCase("with v(s) as (values ('1'), ('2')) select id from public.patients, v where ssn = s", 2)]
    public async Task Each_value_that_PHI_is_compared_with_counts_at_least_once(string sql, int least)
    {
        var compared = await OfAsync(sql);

        Assert.That((compared?.Literals ?? []).Distinct().Count(), Is.AtLeast(least).And.AtMost(least == 0 ? 0 : least + 2));
    }

    [Test]
    public async Task The_same_value_has_the_same_code_for_one_column_and_another_for_another()
    {
        var once = (await OfAsync("select id from public.patients where ssn = '1'"))!.Literals;
        var again = (await OfAsync("select ward from public.patients where ssn = '1' limit 1"))!.Literals;
        var other = (await OfAsync("select ward from public.patients where note = '1'"))!.Literals;

        Assert.That(again, Is.EqualTo(once));
        Assert.That(other, Is.Not.EqualTo(once));
    }

    [Test]
    public async Task A_parameter_counts_by_what_is_bound_as_a_literal_would()
    {
        var compared = (await OfAsync("select id from public.patients where ssn = $1 and ward = $2"))!;
        var codes = new List<ulong>();
        compared.AddParameter(1, isBinary: false, "1"u8, codes);
        compared.AddParameter(2, isBinary: false, "A"u8, codes);

        Assert.That(codes, Is.EqualTo((await OfAsync("select id from public.patients where ssn = '1'"))!.Literals));
    }

    [Test]
    public async Task An_array_counts_by_its_elements_in_either_format()
    {
        var compared = (await OfAsync("select id from public.patients where ssn = any($1)"))!;
        var (text, binary) = (new List<ulong>(), new List<ulong>());

        compared.AddParameter(1, isBinary: false, "{1,\"2\",3}"u8, text);
        compared.AddParameter(1, isBinary: true, Array("1", "2", "3"), binary);

        Assert.That(text, Has.Count.EqualTo(3));
        Assert.That(binary, Is.EqualTo(text));
    }

    [Test]
    public async Task Parameters_whose_comparisons_are_not_listed_count_wherever_they_are()
    {
        var compared = (await OfAsync("select id from public.patients where ssn in (values ($1), ($2))"))!;
        var codes = new List<ulong>();

        compared.AddParameter(1, isBinary: false, "1"u8, codes);
        compared.AddParameter(2, isBinary: false, "2"u8, codes);

        Assert.That(codes.Distinct().Count(), Is.EqualTo(2));
    }

    private static byte[] Array(params string[] elements)
    {
        using var bytes = new MemoryStream();
        foreach (var number in (ReadOnlySpan<int>)[1, 0, 25, elements.Length, 1])
            Write(bytes, number);
        foreach (var element in elements)
        {
            Write(bytes, element.Length);
            bytes.Write(Encoding.UTF8.GetBytes(element));
        }
        return bytes.ToArray();
    }

    private static void Write(MemoryStream bytes, int number)
    {
        Span<byte> four = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(four, number);
        bytes.Write(four);
    }

    private async Task<ComparedValues?> OfAsync(string sql)
    {
        var reading = await Reader.ReadAsync(sql);
        var assessment = RiskAssessor.Assess(reading, SmallCatalogue.Build());
        Assert.That(assessment.Has(RiskClasses.Inference), Is.False, string.Join("; ", assessment.Findings));
        return ComparedValues.Of(
            _codes, new StatementAnalysis { Status = AnalysisStatus.Read, Statements = [reading], Fingerprint = (ulong)sql.GetHashCode(StringComparison.Ordinal) }, _ => assessment);
    }
}
