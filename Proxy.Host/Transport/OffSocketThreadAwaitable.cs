using System.Runtime.CompilerServices;

namespace Proxy.Host.Transport;

/// <summary>An await that resumes on the thread pool, whoever completes the task. Awaitable and awaiter in one.</summary>
public readonly struct OffSocketThreadAwaitable : ICriticalNotifyCompletion
{
    private readonly Task _task;
    private readonly bool _alwaysLeave;

    internal OffSocketThreadAwaitable(Task task, bool alwaysLeave)
    {
        _task = task;
        _alwaysLeave = alwaysLeave;
    }

    public bool IsCompleted => !_alwaysLeave && _task.IsCompleted;

    public OffSocketThreadAwaitable GetAwaiter() => this;

    /// <summary>The task itself, for WhenAll and its like; awaiting that again needs <see cref="OffSocketThread.Await(Task)"/>.</summary>
    public Task AsTask() => _task;

    public void GetResult() => _task.GetAwaiter().GetResult();

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => PoolSynchronizationContext.QueueWhenCompleted(_task, continuation);
}
