using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Replication;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Journal.Replication;

/// <summary>A replica over plain loopback connections, which can be taken away, can fall silent, and comes back with what it has.</summary>
internal sealed class LoopbackReplica : IReplicaConnector, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Stream, Thread> _receptions = new();
    private readonly Durability _durability;
    private readonly Lock _gate = new();
    private bool _isAway;
    private volatile bool _isSilent;

    public LoopbackReplica(Durability durability = Durability.Flushed)
    {
        _durability = durability;
        _listener.Start();
    }

    public string Name => "loopback";

    /// <summary>What it was told of outages.</summary>
    public ConcurrentQueue<string> Told { get; } = new();

    /// <summary>The copies that it has, one for each journal.</summary>
    public string[] Copies() => Directory.GetDirectories(_directory.Path);

    public string OnlyCopy() => Copies().Single();

    /// <summary>Ends all connections and takes no new ones.</summary>
    public void GoAway()
    {
        lock (_gate)
            _isAway = true;
        EndReceptions();
    }

    public void ComeBack()
    {
        lock (_gate)
            _isAway = false;
    }

    /// <summary>New connections are accepted and get no answer.</summary>
    public void FallSilent()
    {
        _isSilent = true;
        EndReceptions();
    }

    public Stream Connect(TimeSpan patience)
    {
        lock (_gate)
            return _isAway ? throw new IOException("it is away") : Connect();
    }

    private NetworkStream Connect()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(_listener.LocalEndpoint);
        var server = _listener.AcceptSocket();
        server.NoDelay = true;
        Receive(new NetworkStream(server, ownsSocket: true));
        return new NetworkStream(client, ownsSocket: true);
    }

    public void Lost(string reason) => Told.Enqueue($"lost: {reason}");

    public void Resumed() => Told.Enqueue("resumed");

    public void Dispose()
    {
        GoAway();
        _listener.Dispose();
        _directory.Dispose();
    }

    private void Receive(NetworkStream stream)
    {
        var thread = new Thread(() => Serve(stream)) { IsBackground = true };
        _receptions[stream] = thread;
        thread.Start();
    }

    private void Serve(NetworkStream stream)
    {
        try
        {
            var reception = new ReplicaReception(_isSilent ? new MuteStream(stream) : stream);
            var journal = reception.ReadGreeting();
            reception.Run(Path.Combine(_directory.Path, journal.ToString("D")), _durability);
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            // As every connection does.
        }
        finally
        {
            stream.Dispose();
            _receptions.TryRemove(stream, out _);
        }
    }

    private void EndReceptions()
    {
        foreach (var (stream, thread) in _receptions)
        {
            stream.Dispose();
            thread.Join();
        }
    }
}
