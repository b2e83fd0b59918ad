using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Proxy.Core.Sql.Postgres.Host;
using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres;

/// <summary>
/// Reads PostgreSQL's SQL by PostgreSQL's own grammar (libpg-query, WebAssembly). Short texts on the calling thread, long ones on threads of
/// its own; texts seen before from a cache. One per process, used by all threads. What it cannot read is an analysis that says so.
/// </summary>
public sealed class PostgresFrontEnd : ISqlFrontEnd, IDisposable
{
    private readonly PostgresFrontEndOptions _options;
    private readonly PostgresGrammar _grammar;
    private readonly AnalysisCache _cache;
    private readonly TextFingerprint _fingerprint;
    private readonly ReaderCounters _counters = new();
    private readonly TreeTemplates _templates = new();
    private readonly ReaderPool _pool;
    private readonly ReaderThreads _threads;
    private readonly int _inlineBytesMax;

    /// <summary>Loads the grammar. Throws when it cannot run here: without it nothing may be forwarded, so the process has to end.</summary>
    public PostgresFrontEnd(PostgresFrontEndOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _inlineBytesMax = options.CallerStackBytes >= PostgresFrontEndOptions.CallerStackBytesMin ? options.InlineTextBytesMax : 0;
        _cache = new AnalysisCache(options.CacheBytesMax, options.CachedTextBytesMax);
        _fingerprint = options.FingerprintKey is { } key ? new TextFingerprint(key.Span) : TextFingerprint.WithRandomKey();
        _grammar = new PostgresGrammar(options.ModuleCacheDirectory);
        _pool = new ReaderPool(options.Instances, () => new PostgresReader(_grammar, options, _templates, _counters));
        PostgresReader first = _pool.Rent(TimeSpan.Zero)!;
        first.Prepare();
        _pool.Return(first);
        _threads = new ReaderThreads(options.ReaderThreads, options.WaitingTextsMax, ReadWaiting);
    }

    public PostgresFrontEndStatistics Statistics => _counters.Read(_cache.Hits, _cache.Misses, _cache.Bytes);

    public bool TryAnalyse(ReadOnlySpan<byte> text, out StatementAnalysis analysis)
    {
        ulong hash = _cache.Hash(text);
        if (_cache.TryGet(text, hash, out analysis!)) return true;
        if (text.Length > _options.TextBytesMax)
        {
            analysis = TooLong(text);
            return true;
        }

        if (text.Length > _inlineBytesMax || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) return false;
        if (_pool.Rent(TimeSpan.Zero) is not { } reader) return false;
        analysis = ReadWith(reader, text, hash);
        return true;
    }

    /// <summary>The text must stay as it is until the task has ended; a cancelled one ends when its turn comes.</summary>
    public ValueTask<StatementAnalysis> AnalyseAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<StatementAnalysis>(cancellationToken);
        if (_cache.TryGet(text.Span, _cache.Hash(text.Span), out StatementAnalysis? known)) return ValueTask.FromResult(known);
        if (text.Length > _options.TextBytesMax) return ValueTask.FromResult(TooLong(text.Span));
        var waiting = new WaitingText(text, cancellationToken);
        return _threads.TryAdd(waiting)
            ? new ValueTask<StatementAnalysis>(waiting.Completion.Task)
            : ValueTask.FromResult(NoReaderFree(text.Span));
    }

    /// <summary>Ends after the texts that wait have been read. No text may come meanwhile.</summary>
    public void Dispose()
    {
        _threads.Dispose();
        _pool.Dispose();
        _grammar.Dispose();
    }

    private StatementAnalysis ReadWaiting(WaitingText waiting)
    {
        ReadOnlySpan<byte> text = waiting.Text.Span;
        TimeSpan left = _options.RentTimeout - waiting.Waited;
        return left > TimeSpan.Zero && _pool.Rent(left) is { } reader ? ReadWith(reader, text, _cache.Hash(text)) : NoReaderFree(text);
    }

    private StatementAnalysis ReadWith(PostgresReader reader, ReadOnlySpan<byte> text, ulong hash)
    {
        try
        {
            ulong fingerprint = _fingerprint.Of(text);
            if (text.Contains((byte)0) || !Utf8.IsValid(text))
            {
                return new StatementAnalysis { Status = AnalysisStatus.NotText, Reason = "not UTF-8, or NUL", Fingerprint = fingerprint };
            }

            StatementAnalysis analysis = reader.Read(text, fingerprint);
            if (analysis.Status is AnalysisStatus.Read or AnalysisStatus.SyntaxError) _cache.Offer(text, hash, analysis);
            return analysis;
        }
        finally
        {
            _pool.Return(reader);
        }
    }

    private StatementAnalysis TooLong(ReadOnlySpan<byte> text) => new()
    {
        Status = AnalysisStatus.TooLong,
        Reason = $"{text.Length} bytes, the limit is {_options.TextBytesMax}",
        Fingerprint = _fingerprint.Of(text),
    };

    private StatementAnalysis NoReaderFree(ReadOnlySpan<byte> text)
    {
        _counters.NoReaderFree();
        return new StatementAnalysis { Status = AnalysisStatus.Failed, Reason = "no reader free", Fingerprint = _fingerprint.Of(text) };
    }
}
