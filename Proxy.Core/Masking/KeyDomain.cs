using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Masking;

/// <summary>
/// The columns within which equal values give equal tokens: one key. Columns of different domains cannot be joined by their tokens.
/// Made by <see cref="MaskingKeys.Domain"/>.
/// </summary>
public sealed class KeyDomain : IDisposable
{
    private readonly AesBlock _values;
    private readonly AesBlock _checks;

    internal KeyDomain(string name, ReadOnlySpan<byte> key, AesBlock checks)
    {
        Name = name;
        _values = new AesBlock(key);
        _checks = checks;
        (CompleteBlockKey, PaddedBlockKey) = Cmac.Subkeys(_values);
    }

    public string Name { get; }

    /// <summary>Whether the keys are gone. Asked after a computation, because only then is the answer about the keys that were used.</summary>
    internal bool IsDisposed => _values.IsDisposed || _checks.IsDisposed;

    internal Vector128<byte> CompleteBlockKey { get; private set; }

    internal Vector128<byte> PaddedBlockKey { get; private set; }

    internal AesBlock Checks => _checks;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector128<byte> Encrypt(Vector128<byte> block) => _values.Encrypt(block);

    /// <summary>Each block by itself, in less time than one after the other.</summary>
    internal void EncryptEach(Span<Vector128<byte>> blocks) => _values.EncryptEach(blocks);

    public void Dispose()
    {
        _values.Dispose();
        CompleteBlockKey = PaddedBlockKey = default;
    }

    public override string ToString() => Name;
}
