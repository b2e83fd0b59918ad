using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Proxy.Core.Sql.MySql;

/// <summary>The front end for one set of settings. Short texts are read on the calling thread, long ones on the pool's; texts seen before come from a cache.</summary>
internal sealed class MySqlTextReader : ISqlFrontEnd
{
    private readonly MySqlReadSettings _settings;
    private readonly MySqlFrontEndOptions _options;
    private readonly TextFingerprint _fingerprint;
    private readonly MySqlReaderPool _readers;
    private readonly AnalysisCache _cache;
    private readonly MySqlForms _forms = new();

    public MySqlTextReader(MySqlReadSettings settings, MySqlFrontEndOptions options, TextFingerprint fingerprint, MySqlReaderPool readers)
    {
        _settings = settings;
        _options = options;
        _fingerprint = fingerprint;
        _readers = readers;
        _cache = new AnalysisCache(options.CacheBytesMax, options.CachedTextBytesMax);
    }

    public bool TryAnalyse(ReadOnlySpan<byte> text, out StatementAnalysis analysis)
    {
        ulong hash = _cache.Hash(text);
        if (_cache.TryGet(text, hash, out analysis!)) return true;
        if (text.Length > _options.TextBytesMax)
        {
            analysis = TooLong(text);
            return true;
        }

        if (text.Length > _options.InlineTextBytesMax || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) return false;
        analysis = Read(text, hash);
        return true;
    }

    /// <summary>The text must stay as it is until the task has ended.</summary>
    public ValueTask<StatementAnalysis> AnalyseAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<StatementAnalysis>(cancellationToken);
        if (_cache.TryGet(text.Span, _cache.Hash(text.Span), out StatementAnalysis? known)) return ValueTask.FromResult(known);
        if (text.Length > _options.TextBytesMax) return ValueTask.FromResult(TooLong(text.Span));
        return new ValueTask<StatementAnalysis>(Task.Run(() => Read(text.Span, _cache.Hash(text.Span)), cancellationToken));
    }

    private StatementAnalysis Read(ReadOnlySpan<byte> text, ulong hash)
    {
        ulong fingerprint = _fingerprint.Of(text);
        if (text.Contains((byte)0) || !Utf8.IsValid(text))
        {
            return new StatementAnalysis { Status = AnalysisStatus.NotText, Reason = "not UTF-8, or NUL", Fingerprint = fingerprint };
        }

        if (_settings.Has(MySqlModes.OtherGrammar))
        {
            return new StatementAnalysis { Status = AnalysisStatus.Failed, Reason = "sql_mode asks for another grammar", Fingerprint = fingerprint };
        }

        MySqlReader reader = _readers.Rent();
        StatementAnalysis analysis = reader.Read(text, _settings, fingerprint, _forms);
        _readers.Return(reader);
        if (analysis.Status is AnalysisStatus.Read or AnalysisStatus.SyntaxError) _cache.Offer(text, hash, analysis);
        return analysis;
    }

    private StatementAnalysis TooLong(ReadOnlySpan<byte> text) => new()
    {
        Status = AnalysisStatus.TooLong,
        Reason = $"{text.Length} bytes, the limit is {_options.TextBytesMax}",
        Fingerprint = _fingerprint.Of(text),
    };
}
