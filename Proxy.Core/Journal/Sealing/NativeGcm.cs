using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Proxy.Core.Journal.Sealing;

/// <summary>
/// AES-256-GCM by OpenSSL's own functions, under one key, for one thread at a time. <see cref="AesGcm"/> calls the same five, each behind a reference count
/// and behind ERR_clear_error, which OpenSSL 3.0 does in 70 ns: with two records a statement that was 4 % of a point query. Where the functions are missing
/// or do not give what .NET gives, <see cref="TryCreate"/> gives nothing and .NET does it.
/// </summary>
internal sealed unsafe class NativeGcm : SafeHandle
{
    // openssl/evp.h
    private const int ControlGetTag = 0x10;

    // Calls that hold up the garbage collector must be short: 4 KB are 1 µs.
    private const int ShortBytesMax = 4096;

    private static readonly delegate* unmanaged[Cdecl]<nint> New;
    private static readonly delegate* unmanaged[Cdecl]<nint, void> Free;
    private static readonly delegate* unmanaged[Cdecl]<nint> Aes256Gcm;
    private static readonly delegate* unmanaged[Cdecl]<nint, nint, nint, byte*, byte*, int> InitKey;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint, nint, byte*, byte*, int> Init;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte*, int*, byte*, int, int> Update;
    private static readonly delegate* unmanaged[Cdecl]<nint, byte*, int*, byte*, int, int> UpdateLong;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte*, int*, int> Final;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int, byte*, int> Control;

    static NativeGcm()
    {
        if (!OperatingSystem.IsLinux()
            || !NativeLibrary.TryLoad("libcrypto.so.3", typeof(NativeGcm).Assembly, DllImportSearchPath.SafeDirectories, out nint library)
            || !NativeLibrary.TryGetExport(library, "EVP_CIPHER_CTX_new", out nint create)
            || !NativeLibrary.TryGetExport(library, "EVP_CIPHER_CTX_free", out nint free)
            || !NativeLibrary.TryGetExport(library, "EVP_aes_256_gcm", out nint cipher)
            || !NativeLibrary.TryGetExport(library, "EVP_EncryptInit_ex", out nint init)
            || !NativeLibrary.TryGetExport(library, "EVP_EncryptUpdate", out nint update)
            || !NativeLibrary.TryGetExport(library, "EVP_EncryptFinal_ex", out nint final)
            || !NativeLibrary.TryGetExport(library, "EVP_CIPHER_CTX_ctrl", out nint control))
        {
            return;
        }
        New = (delegate* unmanaged[Cdecl]<nint>)create;
        Free = (delegate* unmanaged[Cdecl]<nint, void>)free;
        Aes256Gcm = (delegate* unmanaged[Cdecl]<nint>)cipher;
        InitKey = (delegate* unmanaged[Cdecl]<nint, nint, nint, byte*, byte*, int>)init;
        Init = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint, nint, byte*, byte*, int>)init;
        Update = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte*, int*, byte*, int, int>)update;
        UpdateLong = (delegate* unmanaged[Cdecl]<nint, byte*, int*, byte*, int, int>)update;
        Final = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte*, int*, int>)final;
        Control = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int, byte*, int>)control;
        IsUsed = IsRight();
    }

    private NativeGcm(nint context)
        : base(invalidHandleValue: 0, ownsHandle: true) => SetHandle(context);

    /// <summary>Whether it is OpenSSL that is called.</summary>
    public static bool IsUsed { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>Null where .NET has to do it.</summary>
    public static NativeGcm? TryCreate(ReadOnlySpan<byte> key) => IsUsed ? Create(key) : null;

    /// <summary>Nobody else uses it at the same time, nor disposes of it.</summary>
    /// <exception cref="CryptographicException">OpenSSL fails: what the destinations hold is nothing.</exception>
    public void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, SegmentSealer.NonceBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(cipher.Length, plain.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(tag.Length, SegmentSealer.TagBytes);
        ObjectDisposedException.ThrowIf(IsClosed, this);
        int written = 0;
        int rest = 0;
        fixed (byte* number = nonce, from = plain, to = cipher, mac = tag, header = associated)
        {
            bool isDone = Init(handle, 0, 0, null, number) == 1
                && (associated.IsEmpty || Take(null, &rest, header, associated.Length))
                && (plain.IsEmpty || Take(to, &written, from, plain.Length))
                && written == plain.Length
                && Final(handle, mac, &rest) == 1 && rest == 0 // A stream has no last block: nothing is written.
                && Control(handle, ControlGetTag, SegmentSealer.TagBytes, mac) == 1;
            GC.KeepAlive(this);
            if (!isDone)
                throw new CryptographicException("OpenSSL's AES-256-GCM fails.");
        }
    }

    protected override bool ReleaseHandle()
    {
        Free(handle);
        return true;
    }

    private static NativeGcm Create(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, DataKey.Bytes);
        var gcm = new NativeGcm(New());
        fixed (byte* secret = key)
        {
            if (gcm.IsInvalid || InitKey(gcm.handle, Aes256Gcm(), 0, secret, null) != 1)
            {
                gcm.Dispose();
                throw new CryptographicException("OpenSSL has no AES-256-GCM.");
            }
        }
        return gcm;
    }

    private bool Take(byte* to, int* written, byte* from, int length) =>
        (length <= ShortBytesMax ? Update(handle, to, written, from, length) : UpdateLong(handle, to, written, from, length)) == 1;

    /// <summary>That these are the functions we think they are, one record behind the other.</summary>
    private static bool IsRight()
    {
        Span<byte> bytes = stackalloc byte[DataKey.Bytes];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)i;
        Span<byte> ours = stackalloc byte[DataKey.Bytes + SegmentSealer.TagBytes];
        Span<byte> theirs = stackalloc byte[ours.Length];
        try
        {
            using NativeGcm native = Create(bytes);
            using var managed = new AesGcm(bytes, SegmentSealer.TagBytes);
            foreach (int length in (ReadOnlySpan<int>)[0, 1, 16, 31])
            {
                ReadOnlySpan<byte> nonce = bytes.Slice(length / 2, SegmentSealer.NonceBytes);
                native.Encrypt(nonce, bytes[..length], ours[..length], ours[^SegmentSealer.TagBytes..], bytes[length..]);
                managed.Encrypt(nonce, bytes[..length], theirs[..length], theirs[^SegmentSealer.TagBytes..], bytes[length..]);
                if (!ours.SequenceEqual(theirs))
                    return false;
            }
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
