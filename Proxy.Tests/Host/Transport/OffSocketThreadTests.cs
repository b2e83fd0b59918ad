using NUnit.Framework;
using Proxy.Host.Transport;

namespace Proxy.Tests.Host.Transport;

/// <summary>A thread of the test's own plays the socket thread: whoever completes a task on it would run what follows there.</summary>
[CancelAfter(30_000)]
public sealed class OffSocketThreadTests
{
    [Test]
    public async Task A_plain_await_resumes_on_the_completing_thread() =>
        Assert.That(await ResumedOnPoolAsync(async task => await task.ConfigureAwait(false)), Is.False);

    [Test]
    public async Task Await_resumes_on_the_pool() =>
        Assert.That(await ResumedOnPoolAsync(async task => await OffSocketThread.Await(task)), Is.True);

    [Test]
    public async Task Run_makes_plain_awaits_inside_resume_on_the_pool()
    {
        Assert.That(await ResumedOnPoolAsync(async task =>
        {
            var inside = false;
            await OffSocketThread.Run(async () =>
            {
                await task;
                inside = Thread.CurrentThread.IsThreadPoolThread;
            });
            Assert.That(inside);
        }));
    }

    [Test]
    public async Task Leave_leaves_in_any_case()
    {
        var left = new TaskCompletionSource<bool>();
        var thread = new Thread(() => _ = LeaveAsync(left));
        thread.Start();
        Assert.That(await left.Task);
        thread.Join();
    }

    [Test]
    public void Faults_come_through() =>
        Assert.That(
            async () => await OffSocketThread.Run(async () =>
            {
                await Task.Yield();
                throw new InvalidDataException("boom");
            }),
            Throws.InstanceOf<InvalidDataException>());

    private static async Task LeaveAsync(TaskCompletionSource<bool> left)
    {
        await OffSocketThread.Leave();
        left.SetResult(Thread.CurrentThread.IsThreadPoolThread);
    }

    private static async Task<bool> ResumedOnPoolAsync(Func<Task, Task> wait)
    {
        var completion = new TaskCompletionSource();
        var resumedOnPool = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = Task.Run(async () =>
        {
            var waits = wait(completion.Task);
            _ = waits.ContinueWith(
                _ => resumedOnPool.TrySetResult(Thread.CurrentThread.IsThreadPoolThread),
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await waits.ConfigureAwait(false);
        });
        await Task.Delay(50); // Until it waits; were it late, the await would find the task complete and the first test would fail.
        new Thread(completion.SetResult).Start();
        await waiting;
        return await resumedOnPool.Task;
    }
}
