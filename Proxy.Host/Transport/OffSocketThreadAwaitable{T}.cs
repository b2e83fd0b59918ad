using System.Runtime.CompilerServices;

namespace Proxy.Host.Transport;

/// <inheritdoc cref="OffSocketThreadAwaitable"/>
public readonly struct OffSocketThreadAwaitable<T> : ICriticalNotifyCompletion
{
    private readonly Task<T> _task;

    internal OffSocketThreadAwaitable(Task<T> task)
    {
        _task = task;
    }

    public bool IsCompleted => _task.IsCompleted;

    public OffSocketThreadAwaitable<T> GetAwaiter() => this;

    /// <inheritdoc cref="OffSocketThreadAwaitable.AsTask"/>
    public Task<T> AsTask() => _task;

    public T GetResult() => _task.GetAwaiter().GetResult();

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => PoolSynchronizationContext.QueueWhenCompleted(_task, continuation);
}
