using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Tampering;

/// <summary>Somebody in between who cannot read TLS but sees its records: passes everything on until armed, then does one thing to the next record of one direction.</summary>
public sealed class TamperingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private readonly int _port;
    private readonly RecordFault _fault;
    private readonly bool _towardsServer;
    private int _armed;

    public TamperingRelay(int port, RecordFault fault, bool towardsServer)
    {
        _port = port;
        _fault = fault;
        _towardsServer = towardsServer;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Whether the fault has been done.</summary>
    public bool HasActed { get; private set; }

    /// <summary>The next record of the direction gets it.</summary>
    public void Arm() => Volatile.Write(ref _armed, 1);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relayed = new List<Task>();
        try
        {
            while (true)
                relayed.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relayed);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        using (client)
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _port, _stopping.Token);
                var (near, far) = (client.GetStream(), server.GetStream());
                // In front of the handshake there is SSLRequest and its answer, which are no records.
                await PassAsync(near, far, PostgresRequests.SslRequest().Length);
                await PassAsync(far, near, 1);
                await Task.WhenAny(RecordsAsync(near, far, _towardsServer), RecordsAsync(far, near, !_towardsServer));
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // One of the two has left.
            }
    }

    private async Task PassAsync(Stream from, Stream to, int count)
    {
        var bytes = new byte[count];
        await from.ReadExactlyAsync(bytes, _stopping.Token);
        await to.WriteAsync(bytes, _stopping.Token);
    }

    private async Task RecordsAsync(Stream from, Stream to, bool isTampered)
    {
        var header = new byte[5];
        while (await from.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, _stopping.Token) == header.Length)
        {
            var record = new byte[header.Length + BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3))];
            header.CopyTo(record, 0);
            await from.ReadExactlyAsync(record.AsMemory(header.Length), _stopping.Token);
            if (isTampered && Interlocked.Exchange(ref _armed, 0) == 1)
            {
                HasActed = true;
                switch (_fault)
                {
                    case RecordFault.Flip:
                        record[^1] ^= 0x10;
                        break;
                    case RecordFault.Drop:
                        continue;
                    case RecordFault.Replay:
                        await to.WriteAsync(record, _stopping.Token);
                        break;
                    case RecordFault.CutWithin:
                        await to.WriteAsync(record.AsMemory(0, record.Length / 2), _stopping.Token);
                        return;
                    case RecordFault.CutBefore:
                        return;
                }
            }
            await to.WriteAsync(record, _stopping.Token);
        }
    }
}
