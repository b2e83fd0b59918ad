using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Proxy.Core.Journal.Heads;

/// <summary>
/// SHA-256 of a few hundred bytes, which is all that chain and tree hash. OpenSSL's digests by name allocate and look up a provider for each
/// (<see cref="SHA256.HashData(ReadOnlySpan{byte}, Span{byte})"/> of 300 bytes: 470 ns on a machine with SHA instructions); its SHA256_Init, _Update and
/// _Final, which .NET has loaded anyway, do nothing but hash (180 ns, and 86 instead of 390 for a node of the tree). Where they are missing, do not give what
/// .NET gives, or OpenSSL is told to use validated (FIPS) providers only, .NET does it.
/// </summary>
internal static unsafe class NativeSha256
{
    /// <summary>SHA256_CTX has 112 bytes.</summary>
    internal const int StateBytes = 256;

    // Calls that hold up the garbage collector must be short: 4 KB are 3 µs.
    private const int ShortBytesMax = 4096;

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, int> Init;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, nuint, int> Update;
    private static readonly delegate* unmanaged[Cdecl]<byte*, byte*, nuint, int> UpdateLong;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, int> Final;

    [ThreadStatic]
    private static IncrementalHash? _managed;

    static NativeSha256()
    {
        if (!OperatingSystem.IsLinux()
            || !NativeLibrary.TryLoad("libcrypto.so.3", typeof(NativeSha256).Assembly, DllImportSearchPath.SafeDirectories, out nint library)
            || !NativeLibrary.TryGetExport(library, "EVP_default_properties_is_fips_enabled", out nint isFips)
            || ((delegate* unmanaged[Cdecl]<nint, int>)isFips)(0) != 0
            || !NativeLibrary.TryGetExport(library, "SHA256_Init", out nint init)
            || !NativeLibrary.TryGetExport(library, "SHA256_Update", out nint update)
            || !NativeLibrary.TryGetExport(library, "SHA256_Final", out nint final))
        {
            return;
        }
        Init = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, int>)init;
        Update = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, nuint, int>)update;
        UpdateLong = (delegate* unmanaged[Cdecl]<byte*, byte*, nuint, int>)update;
        Final = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, int>)final;
        IsUsed = IsRight();
    }

    /// <summary>Whether it is OpenSSL that hashes.</summary>
    public static bool IsUsed { get; }

    /// <param name="first">Hashed first.</param>
    /// <param name="second">Hashed behind it.</param>
    /// <param name="destination">Gets 32 bytes; may be part of what is hashed.</param>
    public static void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, SHA256.HashSizeInBytes);
        if (IsUsed)
            HashNative(first, second, destination);
        else
            HashManaged(first, second, destination);
    }

    /// <summary>The same, by .NET's own ways.</summary>
    internal static void HashManaged(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        IncrementalHash hash = _managed ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(first);
        hash.AppendData(second);
        hash.GetHashAndReset(destination);
    }

    /// <summary>The next of what comes in pieces, between <see cref="Begin"/> and <see cref="End"/>. Only where <see cref="IsUsed"/>.</summary>
    internal static void Append(Span<byte> state, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(state.Length, StateBytes);
        fixed (byte* place = state, next = bytes)
        {
            if (!Take(place, next, bytes.Length))
                throw new CryptographicException("OpenSSL's SHA-256 fails.");
        }
    }

    internal static void Begin(Span<byte> state)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(state.Length, StateBytes);
        fixed (byte* place = state)
        {
            if (Init(place) != 1)
                throw new CryptographicException("OpenSSL's SHA-256 fails.");
        }
    }

    internal static void End(Span<byte> state, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(state.Length, StateBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, SHA256.HashSizeInBytes);
        fixed (byte* place = state, hash = destination)
        {
            if (Final(hash, place) != 1)
                throw new CryptographicException("OpenSSL's SHA-256 fails.");
        }
        state.Clear(); // Its buffer held the last bytes.
    }

    private static void HashNative(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        byte* state = stackalloc byte[StateBytes];
        fixed (byte* one = first, two = second, hash = destination)
        {
            bool isDone = Init(state) == 1 && Take(state, one, first.Length) && Take(state, two, second.Length) && Final(hash, state) == 1;
            if (!isDone)
                throw new CryptographicException("OpenSSL's SHA-256 fails.");
        }
    }

    private static bool Take(byte* state, byte* bytes, int length) =>
        length == 0 || (length <= ShortBytesMax ? Update(state, bytes, (nuint)length) : UpdateLong(state, bytes, (nuint)length)) == 1;

    /// <summary>That these are the functions we think they are, at lengths around a block and its padding.</summary>
    private static bool IsRight()
    {
        Span<byte> bytes = stackalloc byte[200];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)i;
        Span<byte> ours = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> theirs = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (int length in (ReadOnlySpan<int>)[33, 55, 56, 64, 65, 119, 120, 200])
        {
            HashNative(bytes[..33], bytes[33..length], ours);
            SHA256.HashData(bytes[..length], theirs);
            if (!ours.SequenceEqual(theirs))
                return false;
        }
        return true;
    }
}
