using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Proxy.Core.Journal.Heads;

namespace Proxy.Core.Journal.Answers;

/// <summary>
/// What stands for an answer in the record: the SHA-256 of an answer of up to 2,048 bytes; of a longer one, the SHA-256 of the digests of its pieces of 2,048 bytes,
/// of which the last may be shorter. How long the answer was stands in the record, too, so one digest cannot be both.
/// <para>
/// Pieces are there for the sake of speed alone: digests of sixteen of them are made at once where the processor can (<see cref="Sha256Lanes"/>), in place where
/// the answer comes in long runs. SHA-256 of the whole was a fifth of what a long result cost.
/// </para>
/// Begins anew with each <see cref="Finish"/>. Not for two threads at a time.
/// </summary>
public sealed class AnswerDigest : IDisposable
{
    /// <summary>Of an answer whose digest is made of pieces'.</summary>
    public const int PieceBytes = Sha256Lanes.TextBytes;

    private const int GroupBytes = Sha256Lanes.Lanes * PieceBytes;

    private State _state; // Of the first piece, and when there are more, of all pieces' digests.
    private bool _hasBegun;
    private int _first; // Bytes of the first piece.
    private byte[]? _group; // Behind the first piece: what is less than a group.
    private int _grouped;
    private IncrementalHash? _managed;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_first < PieceBytes || _group is null)
        {
            var count = Math.Min(bytes.Length, PieceBytes - _first);
            Hash(bytes[..count]);
            _first += count;
            bytes = bytes[count..];
            if (bytes.IsEmpty)
                return;
            BeginPieces();
        }
        if (_grouped > 0)
        {
            var count = Math.Min(bytes.Length, GroupBytes - _grouped);
            bytes[..count].CopyTo(_group.AsSpan(_grouped));
            _grouped += count;
            bytes = bytes[count..];
            if (_grouped < GroupBytes)
                return;
            HashPieces(_group.AsSpan(0, GroupBytes));
            _grouped = 0;
        }
        for (; bytes.Length >= GroupBytes; bytes = bytes[GroupBytes..])
            HashPieces(bytes[..GroupBytes]);
        bytes.CopyTo(_group);
        _grouped = bytes.Length;
    }

    /// <param name="destination">Gets 32 bytes.</param>
    public void Finish(Span<byte> destination)
    {
        if (_group is not null)
        {
            HashPieces(_group.AsSpan(0, _grouped));
            ReturnGroup();
        }
        End(destination);
        _first = 0;
    }

    public void Dispose()
    {
        ReturnGroup();
        ((Span<byte>)_state).Clear();
        _hasBegun = false;
        _first = 0;
        _managed?.Dispose();
    }

    public override string ToString() => nameof(AnswerDigest);

    private void BeginPieces()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        End(digest);
        Hash(digest);
        _group = ArrayPool<byte>.Shared.Rent(GroupBytes);
    }

    [SkipLocalsInit]
    private void HashPieces(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digests = stackalloc byte[Sha256Lanes.Lanes * SHA256.HashSizeInBytes];
        var length = 0;
        if (bytes.Length == GroupBytes && Sha256Lanes.IsUsed)
        {
            Sha256Lanes.Hash(bytes, digests);
            length = digests.Length;
        }
        else
        {
            for (; !bytes.IsEmpty; bytes = bytes[Math.Min(bytes.Length, PieceBytes)..])
            {
                NativeSha256.Hash(bytes[..Math.Min(bytes.Length, PieceBytes)], default, digests[length..]);
                length += SHA256.HashSizeInBytes;
            }
        }
        Hash(digests[..length]);
    }

    private void Hash(ReadOnlySpan<byte> bytes)
    {
        if (!NativeSha256.IsUsed)
        {
            (_managed ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256)).AppendData(bytes);
            return;
        }
        if (!_hasBegun)
            NativeSha256.Begin(_state);
        _hasBegun = true;
        NativeSha256.Append(_state, bytes);
    }

    private void End(Span<byte> destination)
    {
        if (!NativeSha256.IsUsed)
        {
            (_managed ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256)).GetHashAndReset(destination);
            return;
        }
        if (!_hasBegun)
            NativeSha256.Begin(_state);
        _hasBegun = false;
        NativeSha256.End(_state, destination);
    }

    /// <summary>It held what was answered.</summary>
    private void ReturnGroup()
    {
        if (_group is not { } group)
            return;
        _group = null;
        _grouped = 0;
        group.AsSpan(0, GroupBytes).Clear();
        ArrayPool<byte>.Shared.Return(group);
    }

    [InlineArray(NativeSha256.StateBytes)]
    private struct State
    {
        private byte _first;
    }
}
