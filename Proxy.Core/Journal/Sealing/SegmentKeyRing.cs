using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Sealing;

/// <summary>
/// The data keys of a journal's segments, for reading. Segments that begin later, or whose key was erased, have none here, and their sealed parts stay closed.
/// </summary>
public sealed class SegmentKeyRing : IDisposable
{
    private readonly Dictionary<long, SegmentSealer> _sealers = [];

    /// <summary>Unwraps the keys of all segments that there are now.</summary>
    /// <exception cref="JournalKeyException">One is wrapped under another key.</exception>
    /// <exception cref="JournalFormatException">A file is not a segment.</exception>
    public static async Task<SegmentKeyRing> LoadAsync(string directory, IKeyEncryptionKey key, CancellationToken cancellation)
    {
        var ring = new SegmentKeyRing();
        try
        {
            foreach (long number in SegmentFileName.Numbers(directory))
            {
                using SegmentScanner scanner = SegmentScanner.Open(SegmentFileName.Of(directory, number), isWriterDead: false);
                SegmentHeader header = scanner.Header;
                if (header.Sealing == 0 || header.IsContentErased)
                    continue;
                var identity = new SegmentIdentity(header.JournalId, header.Number);
                ring._sealers.Add(number, new SegmentSealer(await key.UnwrapAsync(header.KeyId, header.WrappedKey, identity, cancellation)));
            }
            return ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (SegmentSealer sealer in _sealers.Values)
            sealer.Dispose();
        _sealers.Clear();
    }

    internal SegmentSealer? For(long segment) => _sealers.GetValueOrDefault(segment);
}
