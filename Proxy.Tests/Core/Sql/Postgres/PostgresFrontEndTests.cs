using System.Text;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Postgres;

namespace Proxy.Tests.Core.Sql.Postgres;

/// <summary>The host: hostile texts, threads, limits. That the test process is alive afterwards is part of each.</summary>
public sealed class PostgresFrontEndTests
{
    private static IEnumerable<TestCaseData> Killers()
    {
        // Each of these ends a process that calls the native library.
        yield return Killer("a long sum", "select " + string.Join('+', Enumerable.Repeat("1", 40_000)), "nesting");
        yield return Killer("100,000 joins", "select 1 from t " + string.Concat(Enumerable.Repeat("join t on 1 ", 80_000)), "nesting");
        yield return Killer("100,000 casts", "select 1" + string.Concat(Enumerable.Repeat("::int", 100_000)), "nesting");
        yield return Killer("100,000 unions", "select 1 " + string.Concat(Enumerable.Repeat("union select 1 ", 60_000)), "nesting");
        yield return Killer("nested comments", string.Concat(Enumerable.Repeat("/*", 200_000)) + string.Concat(Enumerable.Repeat("*/", 200_000)), "deadline");
    }

    private static TestCaseData Killer(string name, string text, string reason) => new TestCaseData(text, reason).SetArgDisplayNames(name);

    [TestCaseSource(nameof(Killers))]
    public async Task A_text_that_kills_or_stalls_the_native_parser_fails_and_the_next_one_is_read(string text, string reason)
    {
        StatementAnalysis killed = await SharedFrontEnd.AnalyseAsync(text);
        StatementAnalysis next = await SharedFrontEnd.AnalyseAsync("select 1");

        Assert.That((killed.Status, killed.Reason, next.Status), Is.EqualTo((AnalysisStatus.Failed, reason, AnalysisStatus.Read)));
    }

    [Test]
    public async Task Every_reader_recovers_from_traps()
    {
        string text = "select " + string.Join('+', Enumerable.Repeat("1", 40_000));
        long before = SharedFrontEnd.Instance.Statistics.Traps;
        int count = SharedFrontEnd.Options.Instances * 3;

        StatementAnalysis[] trapped = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => SharedFrontEnd.AnalyseAsync(text)));
        StatementAnalysis[] read = await Task.WhenAll(Enumerable.Range(0, count).Select(i => SharedFrontEnd.AnalyseAsync($"select {i}")));

        Assert.Multiple(() =>
        {
            Assert.That(trapped.Select(analysis => analysis.Status), Is.All.EqualTo(AnalysisStatus.Failed));
            Assert.That(read.Select(analysis => analysis.Status), Is.All.EqualTo(AnalysisStatus.Read));
            Assert.That(SharedFrontEnd.Instance.Statistics.Traps - before, Is.EqualTo(count));
        });
    }

    [TestCase("select (((", "at character 11")]
    [TestCase("selec 1", "at character 1")]
    [TestCase("select 1abc", "at character 8")]
    public async Task A_syntax_error_says_where_and_nothing_of_the_text(string text, string reason)
    {
        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync(text);

        Assert.That((analysis.Status, analysis.Reason), Is.EqualTo((AnalysisStatus.SyntaxError, reason)));
    }

    [Test]
    public async Task Parentheses_beyond_the_grammars_own_limit_are_rejected_by_it()
    {
        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync("select " + new string('(', 10_000) + "1" + new string(')', 10_000));

        Assert.That(analysis.Status, Is.EqualTo(AnalysisStatus.SyntaxError));
    }

    [TestCase(new byte[] { (byte)'s', (byte)'e', 0, (byte)'x' })]
    [TestCase(new byte[] { 0xC3, 0x28 })]
    [TestCase(new byte[] { 0xED, 0xA0, 0x80 })]
    [TestCase(new byte[] { (byte)'-', (byte)'-', 0xFF })]
    public async Task NUL_and_invalid_UTF8_are_not_text(byte[] text)
    {
        StatementAnalysis analysis = await SharedFrontEnd.Instance.AnalyseAsync(text, CancellationToken.None);

        Assert.That(analysis.Status, Is.EqualTo(AnalysisStatus.NotText));
    }

    [Test]
    public void A_text_of_10_MB_is_too_long_and_told_so_at_once()
    {
        bool isAnswered = SharedFrontEnd.Instance.TryAnalyse(new byte[10_000_000], out StatementAnalysis analysis);

        Assert.That((isAnswered, analysis.Status), Is.EqualTo((true, AnalysisStatus.TooLong)));
    }

    [Test]
    public async Task A_text_of_the_longest_allowed_length_is_read()
    {
        string text = "select id from t where id in (" + string.Join(',', Enumerable.Range(100_000, 149_000)) + ")";

        StatementAnalysis analysis = await SharedFrontEnd.AnalyseAsync(text);

        Assert.That((analysis.Status, analysis.Reason, analysis.Statements.Length), Is.EqualTo((AnalysisStatus.Read, default(string), 1)));
    }

    [Test]
    public async Task A_copy_that_grew_is_replaced()
    {
        using var frontEnd = new PostgresFrontEnd(SharedFrontEnd.Options with { InstanceMemoryBytesKept = 1024 });

        await frontEnd.AnalyseAsync("select 1"u8.ToArray(), CancellationToken.None);
        await frontEnd.AnalyseAsync("select 2"u8.ToArray(), CancellationToken.None);

        Assert.That(frontEnd.Statistics.Recycled, Is.EqualTo(2));
    }

    [Test]
    public async Task A_text_that_needs_more_memory_than_allowed_fails_by_memory()
    {
        using var frontEnd = new PostgresFrontEnd(SharedFrontEnd.Options with
        {
            InstanceMemoryBytesMax = 129L * 1024 * 1024,
            Deadline = TimeSpan.FromSeconds(60),
        });
        byte[] text = Encoding.UTF8.GetBytes("select " + string.Join(',', Enumerable.Repeat("a", 500_000)));

        StatementAnalysis analysis = await frontEnd.AnalyseAsync(text, CancellationToken.None);
        StatementAnalysis next = await frontEnd.AnalyseAsync("select 1"u8.ToArray(), CancellationToken.None);

        Assert.That((analysis.Status, analysis.Reason, next.Status), Is.EqualTo((AnalysisStatus.Failed, "memory", AnalysisStatus.Read)));
    }

    [Test]
    public void Nothing_is_read_on_threads_whose_stack_is_not_known() =>
        Assert.That(SharedFrontEnd.Instance.TryAnalyse("select 1 as not_cached"u8, out _), Is.False);

    [Test]
    public async Task Short_texts_are_read_on_a_thread_with_a_big_stack_and_long_ones_are_not()
    {
        using var frontEnd = new PostgresFrontEnd(SharedFrontEnd.Options with { CallerStackBytes = 8 << 20, InlineTextBytesMax = 100 });
        byte[] longer = Encoding.UTF8.GetBytes("select 1 -- " + new string('x', 100));
        var answers = new TaskCompletionSource<(bool Short, AnalysisStatus Status, bool Long)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                bool isShort = frontEnd.TryAnalyse("select 1"u8, out StatementAnalysis analysis);
                answers.SetResult((isShort, analysis.Status, frontEnd.TryAnalyse(longer, out _)));
            },
            8 << 20);
        thread.Start();

        Assert.That(await answers.Task, Is.EqualTo((true, AnalysisStatus.Read, false)));
    }

    [Test]
    public async Task A_text_that_traps_on_a_callers_thread_leaves_the_thread_alive()
    {
        using var frontEnd = new PostgresFrontEnd(SharedFrontEnd.Options with { CallerStackBytes = 8 << 20, InlineTextBytesMax = 1 << 20 });
        byte[] text = Encoding.UTF8.GetBytes("select " + string.Join('+', Enumerable.Repeat("1", 40_000)));
        var answer = new TaskCompletionSource<AnalysisStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                frontEnd.TryAnalyse(text, out StatementAnalysis analysis);
                answer.SetResult(analysis.Status);
            },
            8 << 20);
        thread.Start();

        Assert.That(await answer.Task, Is.EqualTo(AnalysisStatus.Failed));
    }

    [Test]
    public async Task Continuations_do_not_run_on_a_readers_thread()
    {
        byte[] slow = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("/*", 200_000)));
        Task<bool> continuation = SharedFrontEnd.Instance.AnalyseAsync(slow, CancellationToken.None).AsTask().ContinueWith(
            _ => Thread.CurrentThread.IsThreadPoolThread,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        Assert.That(await continuation, Is.True);
    }

    [Test]
    public void A_cancelled_text_is_not_read()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.That(
            async () => await SharedFrontEnd.Instance.AnalyseAsync("select 1 as cancelled"u8.ToArray(), cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task More_texts_than_may_wait_fail_and_are_counted()
    {
        using var frontEnd = new PostgresFrontEnd(SharedFrontEnd.Options with
        {
            ReaderThreads = 1,
            WaitingTextsMax = 1,
            Deadline = TimeSpan.FromSeconds(1),
        });
        byte[] slow = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("/*", 200_000)));

        StatementAnalysis[] analyses = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => frontEnd.AnalyseAsync(slow, CancellationToken.None).AsTask()));

        Assert.Multiple(() =>
        {
            Assert.That(analyses.Select(analysis => analysis.Reason), Does.Contain("no reader free"));
            Assert.That(frontEnd.Statistics.NoReaderFree, Is.Positive);
        });
    }

    [Test]
    public async Task Eight_threads_read_different_texts_at_once()
    {
        using var frontEnd = new PostgresFrontEnd(SharedFrontEnd.Options with { CallerStackBytes = 8 << 20 });
        Task<int>[] workers = [.. Enumerable.Range(0, 8).Select(worker => ReadManyAsync(frontEnd, worker))];

        Assert.That(await Task.WhenAll(workers), Is.All.EqualTo(300));
    }

    [Test]
    public async Task A_text_seen_before_is_answered_with_the_same_instance_and_by_anyone()
    {
        byte[] text = "select 1 as seen_before"u8.ToArray();
        await SharedFrontEnd.Instance.AnalyseAsync(text, CancellationToken.None);
        StatementAnalysis kept = await SharedFrontEnd.Instance.AnalyseAsync(text, CancellationToken.None);

        bool isHit = SharedFrontEnd.Instance.TryAnalyse([.. text], out StatementAnalysis hit);

        Assert.That((isHit, ReferenceEquals(hit, kept)), Is.EqualTo((true, true)));
    }

    /// <summary>Half of them inline, half by the reader threads. How many came back with their own name.</summary>
    private static Task<int> ReadManyAsync(PostgresFrontEnd frontEnd, int worker)
    {
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            async () =>
            {
                int right = 0;
                for (int i = 0; i < 300; i++)
                {
                    byte[] text = Encoding.UTF8.GetBytes($"select 1 from t{worker}_{i} where a = 'x'");
                    if (worker % 2 == 0 || !frontEnd.TryAnalyse(text, out StatementAnalysis analysis))
                    {
                        analysis = await frontEnd.AnalyseAsync(text, CancellationToken.None);
                    }

                    if (analysis.Statements[0].Relations[0].Name.Name == $"t{worker}_{i}") right++;
                }

                done.SetResult(right);
            },
            8 << 20);
        thread.Start();
        return done.Task;
    }
}
