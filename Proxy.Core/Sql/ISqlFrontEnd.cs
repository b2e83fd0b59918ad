namespace Proxy.Core.Sql;

/// <summary>Turns the text of a dialect into a <see cref="StatementAnalysis"/>. Never throws on bad input: the status says what was wrong.</summary>
public interface ISqlFrontEnd
{
    /// <summary>
    /// Answers from the cache, or by reading a short text on the calling thread. False when the text is long or the thread's stack is not
    /// known to be big enough; then <see cref="AnalyseAsync"/> has to be awaited. Never blocks.
    /// </summary>
    bool TryAnalyse(ReadOnlySpan<byte> text, out StatementAnalysis analysis);

    /// <summary>Reads on a thread with a big stack. The continuation runs on the thread pool, never on the reader's thread.</summary>
    ValueTask<StatementAnalysis> AnalyseAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken);
}
