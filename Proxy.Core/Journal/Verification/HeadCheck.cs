using Proxy.Core.Journal.Heads;

namespace Proxy.Core.Journal.Verification;

/// <summary>
/// Checks signatures and order of a journal's heads, and of those that anchors kept, one after the other, and gives those that can be trusted in the order of
/// their sizes, so that the journal can be compared with them as it is read.
/// </summary>
internal sealed class HeadCheck : IDisposable
{
    private readonly string _path;
    private readonly IReadOnlyCollection<HeadVerificationKey> _keys;
    private readonly List<VerificationFinding> _findings;
    private readonly HeadReader? _filed;
    private readonly AnchoredHeads _anchored;
    private readonly HashSet<string> _rejected = [];
    private Checkpoint? _nextFiled;
    private Checkpoint? _nextAnchored;
    private byte[] _previous = new byte[MerkleTree.HashBytes];
    private long _size = -1;
    private bool _isTorn;

    /// <exception cref="IOException">What an anchor kept cannot be read.</exception>
    public HeadCheck(string directory, IReadOnlyCollection<HeadVerificationKey> keys, IEnumerable<string> anchors, List<VerificationFinding> findings)
    {
        (_keys, _findings, _anchored) = (keys, findings, new AnchoredHeads(anchors));
        var file = new HeadFile(directory);
        _path = file.Path;
        if (file.Exists)
            _filed = new HeadReader(file.Path);
        else
            findings.Add(VerificationFinding.At(0, 0, "journal.heads is missing: nothing says what the journal was"));
        JournalId = (_filed?.Peek() ?? _anchored.Peek())?.Head.JournalId ?? Guid.Empty;
        ReadAnchored();
        ReadFiled();
    }

    /// <summary>Empty when there is no head at all.</summary>
    public Guid JournalId { get; }

    /// <summary>How many heads of the file were read.</summary>
    public long Count { get; private set; }

    /// <summary>The next head to compare with; null behind the last.</summary>
    public Checkpoint? Next =>
        _nextAnchored is { } anchor && (_nextFiled is not { } filed || anchor.Head.Size < filed.Head.Size) ? _nextAnchored : _nextFiled;

    public void Skip()
    {
        if (Next is { IsAnchor: false })
            ReadFiled();
        else
            ReadAnchored();
    }

    /// <summary>Checks the rest; the furthest of it, or null when there is none.</summary>
    public Checkpoint? Drain()
    {
        Checkpoint? furthest = null;
        for (; Next is { } next; Skip())
            furthest = next;
        return furthest;
    }

    /// <summary>Which of these are digests (in hexadecimal) of heads in the file that are what they should be. After <see cref="Drain"/>; reads the file once more.</summary>
    public HashSet<string> Accepted(IReadOnlySet<string> digests)
    {
        var accepted = new HashSet<string>();
        if (digests.Count == 0 || _filed is null)
            return accepted;
        using var reader = new HeadReader(_path);
        while (accepted.Count < digests.Count && reader.Read() is { } head)
        {
            string digest = Convert.ToHexString(head.Digest);
            if (digests.Contains(digest) && !_rejected.Contains(digest))
                accepted.Add(digest);
        }
        return accepted;
    }

    public void Dispose()
    {
        _filed?.Dispose();
        _anchored.Dispose();
    }

    /// <summary>Goes on to the next head of the anchors that can be trusted.</summary>
    private void ReadAnchored()
    {
        _nextAnchored = null;
        while (_nextAnchored is null && _anchored.Peek() is { } anchor)
        {
            _anchored.Skip();
            if (!IsSigned(anchor))
                _findings.Add(VerificationFinding.At(0, 0, $"an anchored head of {anchor.Head.Size} entries does not bear the signature of a key that was given"));
            else if (anchor.Head.JournalId != JournalId)
                _findings.Add(VerificationFinding.At(0, 0, $"an anchored head is of another journal, {anchor.Head.JournalId}"));
            else
                _nextAnchored = new Checkpoint(anchor.Head, IsAnchor: true);
        }
    }

    /// <summary>Goes on to the next head of the file that can be trusted.</summary>
    private void ReadFiled()
    {
        _nextFiled = null;
        if (_filed is null)
            return;
        while (_nextFiled is null && _filed.Read() is { } signed)
        {
            Count++;
            JournalHead head = signed.Head;
            if (WrongWith(signed) is { } wrong)
            {
                _rejected.Add(Convert.ToHexString(signed.Digest));
                _findings.Add(VerificationFinding.At(head.Segment, head.Offset, $"head {Count} of journal.heads, which covers {head.Size} entries, {wrong}"));
            }
            else
            {
                _nextFiled = new Checkpoint(head, IsAnchor: false);
                _size = head.Size;
            }
            _previous = signed.Digest;
        }
        if (_nextFiled is null && _filed.Rest > 0 && !_isTorn)
        {
            _isTorn = true;
            _findings.Add(VerificationFinding.At(0, 0, $"behind head {Count}, the last {_filed.Rest} bytes of journal.heads are no heads as they are written"));
        }
    }

    private string? WrongWith(SignedHead signed) =>
        !IsSigned(signed) ? $"does not bear the signature of a key that was given (it names the key {signed.KeyId})"
        : signed.Head.JournalId != JournalId ? "is of another journal"
        : !signed.Head.Previous.AsSpan().SequenceEqual(_previous) ? "does not follow the head before it: heads are missing, or were put in"
        : signed.Head.Size < _size ? "covers less than a head before it"
        : null;

    private bool IsSigned(SignedHead head) => _keys.Any(key => key.Verify(head));
}
