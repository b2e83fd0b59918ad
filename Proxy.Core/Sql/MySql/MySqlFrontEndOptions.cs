namespace Proxy.Core.Sql.MySql;

/// <summary>Limits of the reader. The defaults are those of PostgreSQL's.</summary>
public sealed record MySqlFrontEndOptions
{
    /// <summary>Longer texts are <see cref="AnalysisStatus.TooLong"/>.</summary>
    public int TextBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Texts up to this many bytes are read on the calling thread.</summary>
    public int InlineTextBytesMax { get; init; } = 8 * 1024;

    /// <summary>The most memory for cached analyses with their texts, for each set of settings; 0 for no cache.</summary>
    public long CacheBytesMax { get; init; } = 32L * 1024 * 1024;

    /// <summary>Longer texts are not cached.</summary>
    public int CachedTextBytesMax { get; init; } = 64 * 1024;

    /// <summary>Readers that are kept between texts.</summary>
    public int ReadersKept { get; init; } = Environment.ProcessorCount * 2;

    /// <summary>Sets of settings that are kept apart, each with a cache; what comes on top shares none.</summary>
    public int SettingsMax { get; init; } = 64;

    /// <summary>16 bytes that key <see cref="StatementAnalysis.Fingerprint"/>; null for random ones, new at each start.</summary>
    public ReadOnlyMemory<byte>? FingerprintKey { get; init; }

    /// <summary>The key is a secret.</summary>
    public override string ToString() => $"texts up to {TextBytesMax} bytes";
}
