using System.Text;
using NUnit.Framework;
using Proxy.Core.Sql;

namespace Proxy.Tests.Core.Sql;

public sealed class AnalysisCacheTests
{
    [Test]
    public void A_text_is_kept_when_it_comes_a_second_time()
    {
        var cache = new AnalysisCache(1 << 20, 1024);
        StatementAnalysis analysis = Offer(cache, "select 1");
        bool isKeptAtOnce = Get(cache, "select 1") is not null;

        Offer(cache, "select 1", analysis);

        Assert.That((isKeptAtOnce, ReferenceEquals(Get(cache, "select 1"), analysis)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Different_texts_of_the_same_length_have_their_own_analyses()
    {
        var cache = new AnalysisCache(1 << 24, 1024);
        var kept = Enumerable.Range(1000, 500).ToDictionary(i => $"select {i}", i => Keep(cache, $"select {i}"));

        Assert.That(kept.Where(pair => !ReferenceEquals(Get(cache, pair.Key), pair.Value)).Select(pair => pair.Key), Is.Empty);
    }

    [Test]
    public void Texts_with_the_same_hash_are_told_apart_by_their_bytes()
    {
        var cache = new AnalysisCache(1 << 20, 1024);
        ulong hash = cache.Hash("select 1"u8);
        cache.Offer("select 1"u8, hash, Analysis());
        cache.Offer("select 1"u8, hash, Analysis());

        Assert.That(cache.TryGet("select 2"u8, hash, out _), Is.False);
    }

    [Test]
    public void Memory_stays_below_the_limit_whatever_is_offered()
    {
        const long Limit = 1 << 20;
        var cache = new AnalysisCache(Limit, 64 * 1024);
        long most = 0;
        for (int i = 0; i < 5000; i++)
        {
            Keep(cache, $"select {i} -- {new string('x', i * 7 % 20_000)}");
            most = Math.Max(most, cache.Bytes);
        }

        Assert.That(most, Is.Positive.And.LessThanOrEqualTo(Limit));
    }

    [Test]
    public void A_text_in_use_outlives_a_flood_of_others()
    {
        var cache = new AnalysisCache(1 << 20, 1024);
        StatementAnalysis used = Keep(cache, "select used");
        for (int i = 0; i < 20_000; i++)
        {
            Offer(cache, $"select {i}");
            Get(cache, "select used");
        }

        Assert.That(Get(cache, "select used"), Is.SameAs(used));
    }

    [Test]
    public void A_text_that_is_too_long_is_not_kept()
    {
        var cache = new AnalysisCache(1 << 20, 8);
        Keep(cache, "select 12");

        Assert.That(Get(cache, "select 12"), Is.Null);
    }

    [Test]
    public void A_cache_of_no_bytes_keeps_nothing()
    {
        var cache = new AnalysisCache(0, 1024);
        Keep(cache, "select 1");

        Assert.That(Get(cache, "select 1"), Is.Null);
    }

    private static StatementAnalysis Keep(AnalysisCache cache, string text)
    {
        StatementAnalysis analysis = Offer(cache, text);
        return Offer(cache, text, analysis);
    }

    private static StatementAnalysis Offer(AnalysisCache cache, string text, StatementAnalysis? analysis = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        analysis ??= Analysis();
        cache.Offer(bytes, cache.Hash(bytes), analysis);
        return analysis;
    }

    private static StatementAnalysis? Get(AnalysisCache cache, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return cache.TryGet(bytes, cache.Hash(bytes), out StatementAnalysis? analysis) ? analysis : null;
    }

    private static StatementAnalysis Analysis() => new() { Status = AnalysisStatus.Read, Fingerprint = 1 };
}
