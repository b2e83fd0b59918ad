using System.Globalization;
using Proxy.Bench.Load;

namespace Proxy.Bench.Servers;

/// <summary>Finds which process of a family holds a listening socket: PhiGate's data plane among the processes of <c>phigate run</c>.</summary>
internal static class ListeningProcess
{
    private const string Listening = "0A";

    public static int Find(int ancestor, int port)
    {
        var socket = SocketOf(port);
        return Family(ancestor).FirstOrDefault(id => Holds(id, socket)) is var found and not 0
            ? found
            : throw new InvalidOperationException($"No process below {ancestor} listens on port {port}.");
    }

    private static IEnumerable<int> Family(int id) => ProcessStatistics.Children(id).SelectMany(Family).Prepend(id);

    // sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode, addresses in hexadecimal
    private static string SocketOf(int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var line = File.ReadLines("/proc/net/tcp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(fields => fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == Listening)
            ?? throw new InvalidOperationException($"Nothing listens on port {port}.");
        return $"socket:[{line[9]}]";
    }

    private static bool Holds(int id, string socket)
        => Directory.EnumerateFileSystemEntries($"/proc/{id}/fd").Any(path => new FileInfo(path).LinkTarget == socket);
}
