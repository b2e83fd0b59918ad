using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Proxy.Host.Transport;

/// <summary>
/// send(2) with MSG_MORE: what does not fill a packet waits for what comes behind it, some 0.2 s at most (tcp(7), TCP_CORK). For the middle of a long answer, which comes in
/// small pieces from a server that is slower than we are: each send that goes out at once costs 5 µs of TCP, and wakes the client for a few rows. .NET's sockets do not
/// know the flag.
/// </summary>
internal static unsafe partial class CorkedSend
{
    // linux/socket.h
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int More = 0x8000;

    /// <summary>How many bytes the kernel took at once; 0 or less: none, and an ordinary send tells why.</summary>
    public static int Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        fixed (byte* first = bytes)
            return (int)Send(socket.SafeHandle, first, (nuint)bytes.Length, DontWait | NoSignal | More);
    }

    [LibraryImport("libc", EntryPoint = "send")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Send(SafeHandle socket, byte* bytes, nuint length, int flags);
}
