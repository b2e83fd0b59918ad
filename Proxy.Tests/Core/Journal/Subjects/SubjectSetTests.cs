using NUnit.Framework;
using Proxy.Core.Journal.Subjects;

namespace Proxy.Tests.Core.Journal.Subjects;

public sealed class SubjectSetTests
{
    /// <summary>What a long answer borrowed must not be seen in the next one, whose table is as long from the start.</summary>
    [Test]
    public void Each_answer_has_its_own_codes_once_and_in_order([Values(3, 1024, 1025, 5000)] int codes)
    {
        var random = new Random(codes);
        var set = new SubjectSet(100_000);
        for (var answer = 0; answer < 4; answer++)
        {
            var distinct = Enumerable.Range(0, codes).Select(_ => (ulong)random.NextInt64()).Distinct().ToArray();
            foreach (var code in distinct.Concat(distinct.Reverse()))
                set.Add(code);
            Assert.That(set.Codes.ToArray(), Is.EqualTo(distinct), $"answer {answer}");
            set.Clear();
            Assert.That(set.Count, Is.Zero);
        }
    }

    /// <summary>A place is found by the low bits of a code, and most others are told apart by its high ones: these have both in common. Zero is a code like any other.</summary>
    [Test]
    public void Codes_that_differ_only_where_the_table_does_not_look_are_told_apart()
    {
        var set = new SubjectSet(100_000);
        var codes = Enumerable.Range(0, 3000).Select(static i => (ulong)i << 16).ToArray();
        foreach (var code in codes.Concat(codes))
            set.Add(code);
        Assert.That(set.Codes.ToArray(), Is.EqualTo(codes));
    }

    [Test]
    public void Beyond_its_number_it_is_capped()
    {
        var set = new SubjectSet(2000);
        for (ulong code = 1; code <= 2000; code++)
            set.Add(code);
        Assert.That(set.IsCapped, Is.False);
        set.Add(2001);
        Assert.That((set.IsCapped, set.Count), Is.EqualTo((true, 2000)));
    }
}
