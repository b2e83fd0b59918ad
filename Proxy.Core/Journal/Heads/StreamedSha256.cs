using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Proxy.Core.Journal.Heads;

/// <summary>SHA-256 of what comes in runs, by <see cref="NativeSha256"/> where that is used. Begins anew with each <see cref="Finish"/>. Not for two threads at a time.</summary>
internal sealed class StreamedSha256 : IDisposable
{
    private State _state;
    private bool _hasBegun;
    private IncrementalHash? _managed;

    public void Append(ReadOnlySpan<byte> bytes)
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

    /// <param name="destination">Gets 32 bytes.</param>
    public void Finish(Span<byte> destination)
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

    public void Dispose()
    {
        ((Span<byte>)_state).Clear();
        _hasBegun = false;
        _managed?.Dispose();
    }

    public override string ToString() => nameof(StreamedSha256);

    [InlineArray(NativeSha256.StateBytes)]
    private struct State
    {
        private byte _first;
    }
}
