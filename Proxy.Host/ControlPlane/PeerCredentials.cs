using System.Globalization;
using System.Net.Sockets;

namespace Proxy.Host.ControlPlane;

/// <summary>Who is at the other end of a Unix socket (unix(7), SO_PEERCRED): the kernel says it, and nobody can claim to be another.</summary>
internal static class PeerCredentials
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>The user, for the record, when it is root or the one that this process runs as; null for anybody else.</summary>
    public static string? UserOf(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux())
            return null;
        Span<byte> credentials = stackalloc byte[3 * sizeof(int)]; // pid, uid, gid in the machine's own order.
        if (socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) != credentials.Length)
            return null;
        var uid = BitConverter.ToUInt32(credentials[sizeof(int)..]);
        return uid == 0 || uid == OwnUser() ? string.Create(CultureInfo.InvariantCulture, $"{NameOf(uid)} (uid {uid}) on this machine") : null;
    }

    /// <summary>The effective user of this process (proc(5), status: real, effective, saved, file system).</summary>
    private static uint? OwnUser()
    {
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(static line => line.StartsWith("Uid:", StringComparison.Ordinal));
        return line?.Split('\t') is [_, _, var effective, ..] ? uint.Parse(effective, CultureInfo.InvariantCulture) : null;
    }

    private static string NameOf(uint uid)
    {
        try
        {
            var id = uid.ToString(CultureInfo.InvariantCulture);
            return File.ReadLines("/etc/passwd").Select(static line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && fields[2] == id)?[0] ?? "user";
        }
        catch (IOException)
        {
            return "user";
        }
    }
}
