using System.Diagnostics;

namespace Proxy.Core.Sql.Postgres;

/// <summary>A text on its way to a reader thread.</summary>
internal sealed class WaitingText(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
{
    private readonly long _since = Stopwatch.GetTimestamp();

    public ReadOnlyMemory<byte> Text { get; } = text;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public TimeSpan Waited => Stopwatch.GetElapsedTime(_since);

    /// <summary>Continuations run on the thread pool: the reader's thread has other texts to read.</summary>
    public TaskCompletionSource<StatementAnalysis> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override string ToString() => $"{Text.Length} bytes";
}
