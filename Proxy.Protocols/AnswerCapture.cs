using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Answers;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;
using Proxy.Protocols.Buffers;

namespace Proxy.Protocols;

/// <summary>
/// Keeps what the client is sent, as policy says, until the next Outcome takes it into the record. It is shown every byte after masking, once,
/// where it lies; it copies what it keeps and hashes the rest, a run at a time. Owned by the reply relay.
/// </summary>
/// <param name="journal">Gets what no Outcome has room for.</param>
/// <param name="sessionId">Whose answers.</param>
/// <param name="policy">What is kept.</param>
/// <param name="findsRows">Whether rows are found in the bytes, which are PostgreSQL's; otherwise the relay says when there are too many.</param>
internal sealed class AnswerCapture(IJournal journal, Guid sessionId, AnswerPolicy policy, bool findsRows = true) : IOutboundTap, IDisposable
{
    private const int FirstBytes = 256;
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Of a message of PostgreSQL: type and length.</summary>
    private const int HeaderBytes = 5;

    private readonly byte[] _digest = new byte[SHA256.HashSizeInBytes];
    private readonly AnswerDigest _hash = new();
    private byte[] _kept = [];
    private int _keptBytes;
    private long _savedBytes;
    private Judgement? _judgement;
    private AnswerRetention _retention = new(AnswerMode.Full);
    private int _rows;
    private bool _hasAllRows;

    /// <summary>What has been sent since the last Outcome.</summary>
    public long Bytes { get; private set; }

    /// <summary>Not everything of it was kept.</summary>
    public bool IsCapped { get; private set; }

    public AnswerMode Mode => _retention.Mode;

    /// <summary>Whether bytes for another statement would be kept in another way, so that those before have to be seen first.</summary>
    public bool IsOtherThan(Judgement? judgement) => !ReferenceEquals(judgement, _judgement);

    /// <summary>What follows answers this statement; without one it is the protocol's own, or a refusal, and kept.</summary>
    public void Attribute(Judgement? judgement)
    {
        _judgement = judgement;
        _retention = judgement is null ? new AnswerRetention(AnswerMode.Full)
            : judgement.Decision is { Verdict: Verdict.Allow } or { Profile: Core.Masking.MaskProfile.Unmasked } ? policy.Unmasked : policy.Masked;
    }

    public void Take(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        Bytes += bytes.Length;
        var keeps = _retention.Mode switch
        {
            AnswerMode.Full => (int)Math.Clamp(policy.BytesMax - _savedBytes - _keptBytes, 0, bytes.Length),
            AnswerMode.Rows when _hasAllRows => 0,
            AnswerMode.Rows => findsRows ? FirstRows(bytes) : bytes.Length,
            _ => 0,
        };
        Keep(bytes[..keeps]);
        if (keeps < bytes.Length) HashRest(bytes[keeps..]);
    }

    /// <summary>Whether this is the first row that is not kept, counted from 1.</summary>
    public bool IsFirstBeyond(long row) => _retention.Mode is AnswerMode.Rows && row == _retention.RowsMax + 1L;

    /// <summary>As many rows as are kept have been seen: what follows is not kept.</summary>
    public void EndRows() => _hasAllRows = true;

    /// <summary>The digest of what was sent and not kept since the last Outcome; empty when all was kept: the journal's own chain covers that.</summary>
    public ReadOnlySpan<byte> Digest()
    {
        if (!IsCapped) return default;
        _hash.Finish(_digest);
        return _digest;
    }

    public ReadOnlySpan<byte> Kept => _kept.AsSpan(0, _keptBytes);

    /// <summary>The Outcome has it: begins anew.</summary>
    public void Clear()
    {
        Release();
        Bytes = _savedBytes = 0;
        _rows = 0;
        IsCapped = _hasAllRows = false;
    }

    /// <summary>At the end of the session: what no Outcome follows.</summary>
    public void Save()
    {
        if (_keptBytes == 0) return;
        if (journal.TryAppend(new AnswerRecord { SessionId = sessionId, Bytes = Kept }, out _))
            _savedBytes += _keptBytes;
        else
            HashRest(Kept);
        _keptBytes = 0;
    }

    public void Dispose()
    {
        Release();
        _hash.Dispose();
    }

    private void HashRest(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
        IsCapped = true;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_keptBytes == ChunkBytes) Save();
            var part = Math.Min(bytes.Length, ChunkBytes - _keptBytes);
            Grow(_keptBytes + part);
            bytes[..part].CopyTo(_kept.AsSpan(_keptBytes));
            _keptBytes += part;
            bytes = bytes[part..];
        }
    }

    private void Grow(int bytes)
    {
        if (bytes <= _kept.Length) return;
        var grown = ArrayPool<byte>.Shared.Rent(Math.Min(ChunkBytes, Math.Max(FirstBytes, Math.Max(bytes, 2 * _kept.Length))));
        Kept.CopyTo(grown);
        var count = _keptBytes;
        Release();
        _kept = grown;
        _keptBytes = count;
    }

    private void Release()
    {
        if (_kept.Length > 0)
        {
            _kept.AsSpan(0, _keptBytes).Clear();
            ArrayPool<byte>.Shared.Return(_kept);
        }

        _kept = [];
        _keptBytes = 0;
    }

    /// <summary>How many of these bytes come before the first row too many.</summary>
    private int FirstRows(ReadOnlySpan<byte> bytes)
    {
        if (_rows >= _retention.RowsMax && IsCapped) return 0;
        var at = 0;
        while (bytes.Length - at >= HeaderBytes)
        {
            var isRow = bytes[at] is Postgres.Messages.BackendCode.DataRow or Postgres.Messages.BackendCode.CopyData;
            if (isRow && ++_rows > _retention.RowsMax) return at;
            var next = at + 1L + BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 1)..]);
            if (next >= bytes.Length) return bytes.Length;
            at = (int)next;
        }

        return bytes.Length;
    }
}
