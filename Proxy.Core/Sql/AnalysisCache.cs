using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Numerics;
using System.Security.Cryptography;

namespace Proxy.Core.Sql;

/// <summary>
/// Analyses by the exact bytes of their texts, bounded in bytes. Reading takes no lock and allocates nothing. Agents write literals, so most
/// texts come once: a text is kept only when it comes a second time, and the first costs one write into a table of tags. Places are grouped
/// into sets of eight; within a set the one not used since the last look is replaced (CLOCK), and the same sweep keeps the bytes in bounds.
/// </summary>
public sealed class AnalysisCache
{
    private const int Shards = 16;
    private const int PlacesPerSet = 8;

    /// <summary>Places are made for entries of this size on average; smaller ones fill the places before the bytes.</summary>
    private const int TypicalEntryBytes = 1024;

    private readonly AnalysisCacheShard[] _shards = new AnalysisCacheShard[Shards];
    private readonly ulong[] _seen;
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private readonly int _textBytesMax;
    private long _misses;

    /// <param name="bytesMax">For texts and analyses together; 0 for no cache.</param>
    /// <param name="textBytesMax">Longer texts are not kept.</param>
    public AnalysisCache(long bytesMax, int textBytesMax)
    {
        _textBytesMax = bytesMax > 0 ? textBytesMax : -1;
        long perShard = bytesMax / Shards;
        int sets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, perShard / TypicalEntryBytes / PlacesPerSet));
        for (int i = 0; i < Shards; i++) _shards[i] = new AnalysisCacheShard(sets, PlacesPerSet, perShard);
        _seen = new ulong[BitOperations.RoundUpToPowerOf2((uint)(sets * PlacesPerSet * Shards))];
    }

    public long Hits => _shards.Sum(shard => shard.Hits);

    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>Estimated from above.</summary>
    public long Bytes => _shards.Sum(shard => shard.Bytes);

    /// <summary>Depends on a secret of this process, so that nobody can make texts that fall on one another.</summary>
    public ulong Hash(ReadOnlySpan<byte> text) => text.Length <= _textBytesMax ? XxHash3.HashToUInt64(text, _seed) : 0;

    public bool TryGet(ReadOnlySpan<byte> text, ulong hash, [NotNullWhen(true)] out StatementAnalysis? analysis)
    {
        analysis = null;
        if (text.Length > _textBytesMax) return false;
        if (Shard(hash).TryGet(text, hash, out analysis)) return true;
        Interlocked.Increment(ref _misses);
        return false;
    }

    /// <summary>Keeps the analysis if the text was offered before, and is short enough.</summary>
    public void Offer(ReadOnlySpan<byte> text, ulong hash, StatementAnalysis analysis)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        if (text.Length > _textBytesMax) return;

        // Two threads may overwrite each other's tag: then a text is kept one time later.
        ref ulong tag = ref _seen[hash & (ulong)(_seen.Length - 1)];
        if (tag != hash)
        {
            tag = hash;
            return;
        }

        Shard(hash).Add(new AnalysisCacheEntry(hash, text.ToArray(), analysis));
    }

    private AnalysisCacheShard Shard(ulong hash) => _shards[hash >> 60];
}
