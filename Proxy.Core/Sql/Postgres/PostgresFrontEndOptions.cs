namespace Proxy.Core.Sql.Postgres;

/// <summary>Limits of the reader. The defaults are the design's.</summary>
public sealed record PostgresFrontEndOptions
{
    /// <summary>Longer texts are <see cref="AnalysisStatus.TooLong"/>.</summary>
    public int TextBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Texts up to this many bytes are read on the calling thread; 0 for none.</summary>
    public int InlineTextBytesMax { get; init; } = 8 * 1024;

    /// <summary>
    /// How much stack the host gives to the threads that call <see cref="ISqlFrontEnd.TryAnalyse"/>. Below
    /// <see cref="CallerStackBytesMin"/>, or 0 for not known, nothing is read on them: the grammar may take one MiB of it.
    /// </summary>
    public int CallerStackBytes { get; init; }

    /// <summary>How long one text may be parsed. The true limit is up to 40 ms later.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a text may wait for a reader.</summary>
    public TimeSpan RentTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Copies of the grammar; each takes 1.3 MiB when idle.</summary>
    public int Instances { get; init; } = Environment.ProcessorCount * 2;

    /// <summary>Threads with a big stack, for the texts that are not read on the calling thread.</summary>
    public int ReaderThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>Texts that may wait for the reader threads; what comes on top fails at once.</summary>
    public int WaitingTextsMax { get; init; } = 1024;

    /// <summary>The most memory that one copy of the grammar may take.</summary>
    public long InstanceMemoryBytesMax { get; init; } = 512L * 1024 * 1024;

    /// <summary>A copy that grew beyond this is replaced after its text: WebAssembly memory never shrinks, and begins at 128 MiB.</summary>
    public long InstanceMemoryBytesKept { get; init; } = 160L * 1024 * 1024;

    /// <summary>The most memory for cached analyses with their texts; 0 for no cache.</summary>
    public long CacheBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>Longer texts are not cached.</summary>
    public int CachedTextBytesMax { get; init; } = 64 * 1024;

    /// <summary>
    /// Where compiled modules are kept between starts; null for nowhere, which costs 0.6 s of both cores at each start. It is made accessible
    /// to its owner alone.
    /// </summary>
    public string? ModuleCacheDirectory { get; init; } = DefaultModuleCacheDirectory;

    /// <summary>16 bytes that key <see cref="StatementAnalysis.Fingerprint"/>; null for random ones, new at each start.</summary>
    public ReadOnlyMemory<byte>? FingerprintKey { get; init; }

    public const int CallerStackBytesMin = 4 * 1024 * 1024;

    private static string? DefaultModuleCacheDirectory
    {
        get
        {
            string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return data.Length == 0 ? null : Path.Combine(data, "phigate", "modules");
        }
    }

    /// <summary>The key is a secret.</summary>
    public override string ToString() => $"texts up to {TextBytesMax} bytes, {Instances} instances";
}
