using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Proxy.Host.Transport.Tls;

/// <summary>
/// OpenSSL keeps two buffers of 16.6 KB for each connection it has ever read from and written to, so 66 KB for the two legs of a session that is silent
/// (measured: walked in a core of 1,000 idle sessions). SSL_MODE_RELEASE_BUFFERS (SSL_CTX_set_mode(3)) gives them back after each record, for the
/// price of an allocation at the next one: right for a session that asks now and then, wrong for one that never stops.
/// <para>
/// SslStream has no word for it, so the mode is set on the handle inside. Where the runtime or the library is built otherwise, nothing happens but that
/// the memory stays in use.
/// </para>
/// </summary>
internal static class RecordBuffers
{
    // openssl/ssl.h; unchanged since 1.0.1.
    private const int ControlMode = 33;
    private const int ControlClearMode = 78;
    private const int ModeReleaseBuffers = 0x10;

    /// <summary>SSL_OP_CLEANSE_PLAINTEXT, since OpenSSL 3.0.</summary>
    private const ulong OptionCleansePlaintext = 1UL << 1;

    private static readonly FieldInfo? SecurityContext =
        typeof(SslStream).GetField("_securityContext", BindingFlags.Instance | BindingFlags.NonPublic);

    private static volatile bool _isUnavailable = SecurityContext is null;

    /// <summary>Whether buffers are to be given back after each record. False when nothing could be changed.</summary>
    public static bool TryRelease(SslStream tls, bool release)
    {
        if (_isUnavailable || SecurityContext!.GetValue(tls) is not SafeHandle { IsInvalid: false, IsClosed: false } handle
            || handle.GetType().Name != "SafeSslHandle")
        {
            return false;
        }

        try
        {
            _ = Control(handle, release ? ControlMode : ControlClearMode, ModeReleaseBuffers, IntPtr.Zero);
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false; // The connection has just ended.
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            _isUnavailable = true;
            return false;
        }
    }

    /// <summary>
    /// Has OpenSSL clear what it has decrypted as soon as it was handed on: it would stay in the record's buffer, and in memory that was given back. For a leg
    /// on which secrets come. False when nothing could be changed.
    /// </summary>
    public static bool TryCleanse(SslStream tls)
    {
        if (_isUnavailable || SecurityContext!.GetValue(tls) is not SafeHandle { IsInvalid: false, IsClosed: false } handle || handle.GetType().Name != "SafeSslHandle")
            return false;
        try
        {
            return (SetOptions(handle, OptionCleansePlaintext) & OptionCleansePlaintext) != 0;
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException or ObjectDisposedException)
        {
            return false;
        }
    }

    [DllImport("libssl.so.3", EntryPoint = "SSL_set_options", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern ulong SetOptions(SafeHandle ssl, ulong options);

    [DllImport("libssl.so.3", EntryPoint = "SSL_ctrl", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Control(SafeHandle ssl, int command, nint number, IntPtr pointer);
}
