using Proxy.Core.Policy.MaskedValues;

namespace Proxy.Protocols.Postgres;

/// <summary>Looks at the data of one COPY FROM STDIN as it streams by. A frame may end within a value. Owned by the request relay.</summary>
internal sealed class CopyInReview(StoredStreamGuard guard)
{
    private const int Joint = StoredStreamGuard.Overlap;

    private readonly byte[] _tail = new byte[Joint];
    private int _tailLength;
    private bool _hasDropped;

    public StoredStreamGuard Guard => guard;

    /// <summary>Whether a masked value has come whole with these bytes.</summary>
    public bool Finds(ReadOnlySpan<byte> data)
    {
        Span<byte> joint = stackalloc byte[2 * Joint];
        _tail.AsSpan(0, _tailLength).CopyTo(joint);
        var added = Math.Min(Joint, data.Length);
        data[..added].CopyTo(joint[_tailLength..]);
        var found = guard.Finds(joint[..(_tailLength + added)], begins: !_hasDropped, ends: false)
            || (data.Length > added && guard.Finds(data, begins: false, ends: false));
        Keep(data.Length >= Joint ? data[^Joint..] : joint[..(_tailLength + added)], data.Length);
        return found;
    }

    /// <summary>Whether the data that are over now end with a masked value.</summary>
    public bool FindsAtEnd() => guard.Finds(_tail.AsSpan(0, _tailLength), begins: !_hasDropped, ends: true);

    private void Keep(ReadOnlySpan<byte> latest, int added)
    {
        _hasDropped |= _tailLength + added > Joint;
        latest = latest.Length > Joint ? latest[^Joint..] : latest;
        latest.CopyTo(_tail);
        _tailLength = latest.Length;
    }
}
