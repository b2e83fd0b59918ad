using NUnit.Framework;
using Proxy.Core.Policy;

namespace Proxy.Tests.Core.Policy;

public sealed class TextPatternTests
{
    [TestCase("abc", "abc", true)]
    [TestCase("abc", "ABC", false)]
    [TestCase("abc", "abcd", false)]
    [TestCase("", "", true)]
    [TestCase("*", "", true)]
    [TestCase("a*", "a", true)]
    [TestCase("a*c", "abbc", true)]
    [TestCase("a*c", "abbcd", false)]
    [TestCase("*b*b*", "abxb", true)]
    [TestCase("a?c", "abc", true)]
    [TestCase("a?c", "ac", false)]
    [TestCase("a.c", "abc", false)]
    [TestCase("[ab]", "a", false)]
    public void A_glob_matches_whole_texts_only(string pattern, string candidate, bool matches) =>
        Assert.That(new TextPattern(pattern).IsMatch(candidate), Is.EqualTo(matches));

    [Test, CancelAfter(10_000)]
    public void A_pattern_of_many_stars_against_a_hostile_text_ends()
    {
        var pattern = new TextPattern(string.Concat(Enumerable.Repeat("a*", 1_000)) + "b");

        Assert.That(pattern.IsMatch(new string('a', 8_000)), Is.False);
    }
}
