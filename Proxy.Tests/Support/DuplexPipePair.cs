using System.IO.Pipelines;

namespace Proxy.Tests.Support;

/// <summary>Two connections joined in memory: what one writes, the other reads. Reads give the written memory itself.</summary>
public sealed class DuplexPipePair : IAsyncDisposable
{
    /// <param name="pauseWriterThreshold">Unread bytes in one direction at which its writer's flush waits; for tests of backpressure.</param>
    public DuplexPipePair(long pauseWriterThreshold = 1 << 20)
    {
        var options = new PipeOptions(pauseWriterThreshold: pauseWriterThreshold, resumeWriterThreshold: pauseWriterThreshold / 2,
            useSynchronizationContext: false);
        var (there, back) = (new Pipe(options), new Pipe(options));
        Near = new PipeConnection(back.Reader, there.Writer);
        Far = new PipeConnection(there.Reader, back.Writer);
    }

    /// <summary>The end that is given to the code under test.</summary>
    public PipeConnection Near { get; }

    /// <summary>The end that the test plays.</summary>
    public PipeConnection Far { get; }

    public async ValueTask DisposeAsync()
    {
        await Near.DisposeAsync();
        await Far.DisposeAsync();
    }
}
