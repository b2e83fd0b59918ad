using System.Diagnostics.CodeAnalysis;

namespace Proxy.Core.Sql;

/// <summary>A part of the <see cref="AnalysisCache"/> with its own lock for writing and its own share of the bytes.</summary>
internal sealed class AnalysisCacheShard(int sets, int placesPerSet, long bytesMax)
{
    private readonly AnalysisCacheEntry?[] _places = new AnalysisCacheEntry?[sets * placesPerSet];
    private readonly Lock _writing = new();
    private long _bytes;
    private long _hits;
    private int _hand;

    public long Bytes => Volatile.Read(ref _bytes);

    public long Hits => Volatile.Read(ref _hits);

    public bool TryGet(ReadOnlySpan<byte> text, ulong hash, [NotNullWhen(true)] out StatementAnalysis? analysis)
    {
        int first = FirstPlace(hash);
        for (int place = first; place < first + placesPerSet; place++)
        {
            if (Volatile.Read(ref _places[place]) is not { } entry || entry.Hash != hash || !text.SequenceEqual(entry.Text)) continue;
            if (!entry.IsUsed) entry.IsUsed = true;
            Interlocked.Increment(ref _hits);
            analysis = entry.Analysis;
            return true;
        }

        analysis = null;
        return false;
    }

    public void Add(AnalysisCacheEntry entry)
    {
        if (entry.Bytes > bytesMax) return;
        lock (_writing)
        {
            Put(FindPlace(entry), entry);
            while (_bytes > bytesMax) Sweep(entry);
        }
    }

    // Bits 32 and up: the lowest choose the tag, the highest the shard.
    private int FirstPlace(ulong hash) => (int)((hash >> 32) & (ulong)(sets - 1)) * placesPerSet;

    /// <summary>The same text's place, else a free one, else the first that was not used since the last look.</summary>
    private int FindPlace(AnalysisCacheEntry entry)
    {
        int first = FirstPlace(entry.Hash);
        int free = -1;
        for (int place = first; place < first + placesPerSet; place++)
        {
            if (_places[place] is not { } known) free = free < 0 ? place : free;
            else if (known.Hash == entry.Hash && known.Text.AsSpan().SequenceEqual(entry.Text)) return place;
        }

        if (free >= 0) return free;
        for (int place = first; place < first + placesPerSet; place++)
        {
            if (!_places[place]!.IsUsed) return place;
            _places[place]!.IsUsed = false;
        }

        return first;
    }

    private void Sweep(AnalysisCacheEntry keep)
    {
        _hand = (_hand + 1) % _places.Length;
        if (_places[_hand] is not { } entry || ReferenceEquals(entry, keep)) return;
        if (entry.IsUsed) entry.IsUsed = false;
        else Put(_hand, null);
    }

    private void Put(int place, AnalysisCacheEntry? entry)
    {
        _bytes += (entry?.Bytes ?? 0) - (_places[place]?.Bytes ?? 0);
        Volatile.Write(ref _places[place], entry);
    }
}
