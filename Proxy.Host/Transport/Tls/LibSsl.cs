using System.Runtime.InteropServices;

namespace Proxy.Host.Transport.Tls;

/// <summary>
/// What of OpenSSL 3 a record needs: the library that .NET's TLS has loaded anyway. Without it, or with one that lacks something, nothing here may be called.
/// https://docs.openssl.org/3.0/man3/
/// </summary>
internal static unsafe class LibSsl
{
    /// <summary>SSL_want: the last call stopped because it needs bytes of the peer's.</summary>
    public const int WantsReading = 3;

    /// <summary>SSL_get_shutdown: the peer has sent close_notify.</summary>
    public const int ReceivedShutdown = 2;

    /// <summary>SSL_get_error: the peer has said close_notify.</summary>
    public const int ErrorZeroReturn = 6;

    /// <summary>SSL_OP_NO_RENEGOTIATION.</summary>
    public const ulong OptionNoRenegotiation = 1UL << 30;

    // These call back, so they are ordinary calls.
    public static readonly delegate* unmanaged[Cdecl]<nint, byte*, int, int> Read;
    public static readonly delegate* unmanaged[Cdecl]<nint, byte*, int, int> Write;
    public static readonly delegate* unmanaged[Cdecl]<nint, int> Shutdown;
    public static readonly delegate* unmanaged[Cdecl]<nint, nint, nint, void> SetBio;

    // These look something up.
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int> Pending;
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int> Want;
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int> GetShutdown;
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int> GetError;
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, void> SetQuietShutdown;
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, ulong, ulong> SetOptions;
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint> BioData;

    public static readonly delegate* unmanaged[Cdecl]<int> NewBioIndex;
    public static readonly delegate* unmanaged[Cdecl]<int, byte*, nint> NewBioMethod;
    public static readonly delegate* unmanaged[Cdecl]<nint, nint, int> SetBioRead;
    public static readonly delegate* unmanaged[Cdecl]<nint, nint, int> SetBioWrite;
    public static readonly delegate* unmanaged[Cdecl]<nint, nint, int> SetBioControl;
    public static readonly delegate* unmanaged[Cdecl]<nint, nint> NewBio;
    public static readonly delegate* unmanaged[Cdecl]<nint, nint, void> SetBioData;
    public static readonly delegate* unmanaged[Cdecl]<nint, int, void> SetBioReady;
    public static readonly delegate* unmanaged[Cdecl]<nint, int, void> SetBioFlags;
    public static readonly delegate* unmanaged[Cdecl]<nuint> LastError;
    public static readonly delegate* unmanaged[Cdecl]<nuint, byte*> ReasonOf;
    public static readonly delegate* unmanaged[Cdecl]<void> ClearErrors;

    static LibSsl()
    {
        if (!OperatingSystem.IsLinux()
            || !NativeLibrary.TryLoad("libssl.so.3", typeof(LibSsl).Assembly, DllImportSearchPath.SafeDirectories, out var ssl)
            || !NativeLibrary.TryLoad("libcrypto.so.3", typeof(LibSsl).Assembly, DllImportSearchPath.SafeDirectories, out var crypto))
        {
            return;
        }
        var isWhole = true;
        Read = (delegate* unmanaged[Cdecl]<nint, byte*, int, int>)Find(ssl, "SSL_read");
        Write = (delegate* unmanaged[Cdecl]<nint, byte*, int, int>)Find(ssl, "SSL_write");
        Shutdown = (delegate* unmanaged[Cdecl]<nint, int>)Find(ssl, "SSL_shutdown");
        SetBio = (delegate* unmanaged[Cdecl]<nint, nint, nint, void>)Find(ssl, "SSL_set_bio");
        Pending = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int>)Find(ssl, "SSL_pending");
        Want = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int>)Find(ssl, "SSL_want");
        GetShutdown = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int>)Find(ssl, "SSL_get_shutdown");
        GetError = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int>)Find(ssl, "SSL_get_error");
        SetQuietShutdown = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, void>)Find(ssl, "SSL_set_quiet_shutdown");
        SetOptions = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, ulong, ulong>)Find(ssl, "SSL_set_options");
        BioData = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint>)Find(crypto, "BIO_get_data");
        NewBioIndex = (delegate* unmanaged[Cdecl]<int>)Find(crypto, "BIO_get_new_index");
        NewBioMethod = (delegate* unmanaged[Cdecl]<int, byte*, nint>)Find(crypto, "BIO_meth_new");
        SetBioRead = (delegate* unmanaged[Cdecl]<nint, nint, int>)Find(crypto, "BIO_meth_set_read");
        SetBioWrite = (delegate* unmanaged[Cdecl]<nint, nint, int>)Find(crypto, "BIO_meth_set_write");
        SetBioControl = (delegate* unmanaged[Cdecl]<nint, nint, int>)Find(crypto, "BIO_meth_set_ctrl");
        NewBio = (delegate* unmanaged[Cdecl]<nint, nint>)Find(crypto, "BIO_new");
        SetBioData = (delegate* unmanaged[Cdecl]<nint, nint, void>)Find(crypto, "BIO_set_data");
        SetBioReady = (delegate* unmanaged[Cdecl]<nint, int, void>)Find(crypto, "BIO_set_init");
        SetBioFlags = (delegate* unmanaged[Cdecl]<nint, int, void>)Find(crypto, "BIO_set_flags");
        LastError = (delegate* unmanaged[Cdecl]<nuint>)Find(crypto, "ERR_peek_last_error");
        ReasonOf = (delegate* unmanaged[Cdecl]<nuint, byte*>)Find(crypto, "ERR_reason_error_string");
        ClearErrors = (delegate* unmanaged[Cdecl]<void>)Find(crypto, "ERR_clear_error");
        IsUsable = isWhole;

        nint Find(nint library, string name)
        {
            isWhole &= NativeLibrary.TryGetExport(library, name, out var function);
            return function;
        }
    }

    /// <summary>Whether all of it is there.</summary>
    public static bool IsUsable { get; }

    /// <summary>What OpenSSL objected to last on this thread, in its own words, which hold nothing of what was sent; and forgets it.</summary>
    public static string TakeReason()
    {
        var reason = Marshal.PtrToStringUTF8((nint)ReasonOf(LastError())) ?? "unknown";
        ClearErrors();
        return reason;
    }
}
