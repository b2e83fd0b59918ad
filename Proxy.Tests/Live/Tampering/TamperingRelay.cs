using System.Buffers.Binary;
using System.Net.Sockets;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Tampering;

/// <summary>Somebody in between who cannot read TLS but sees its records: passes everything on until armed, then does one thing to the next record of one direction.</summary>
/// <param name="port">Where it leads.</param>
/// <param name="fault">What it does.</param>
/// <param name="towardsServer">To which direction.</param>
/// <param name="isMySql">Whose beginning stands in front of TLS.</param>
public sealed class TamperingRelay(int port, RecordFault fault, bool towardsServer, bool isMySql = false) : TcpRelay(port)
{
    private int _armed;

    /// <summary>Whether the fault has been done.</summary>
    public bool HasActed { get; private set; }

    /// <summary>The next record of the direction gets it.</summary>
    public void Arm() => Volatile.Write(ref _armed, 1);

    protected override async Task CarryAsync(NetworkStream client, NetworkStream server, CancellationToken stopping)
    {
        // In front of the handshake there are no records: SSLRequest and its answer, or MySQL's greeting and SSLRequest.
        if (isMySql)
        {
            await PassPacketAsync(server, client, stopping);
            await PassPacketAsync(client, server, stopping);
        }
        else
        {
            await PassAsync(client, server, PostgresRequests.SslRequest().Length, stopping);
            await PassAsync(server, client, 1, stopping);
        }

        await Task.WhenAny(RecordsAsync(client, server, towardsServer, stopping), RecordsAsync(server, client, !towardsServer, stopping));
    }

    private static async Task<byte[]> PassAsync(Stream from, Stream to, int count, CancellationToken stopping)
    {
        var bytes = new byte[count];
        await from.ReadExactlyAsync(bytes, stopping);
        await to.WriteAsync(bytes, stopping);
        return bytes;
    }

    private static async Task PassPacketAsync(Stream from, Stream to, CancellationToken stopping)
    {
        var header = await PassAsync(from, to, 4, stopping);
        await PassAsync(from, to, header[0] | (header[1] << 8) | (header[2] << 16), stopping);
    }

    private async Task RecordsAsync(Stream from, Stream to, bool isTampered, CancellationToken stopping)
    {
        var header = new byte[5];
        while (await from.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, stopping) == header.Length)
        {
            var record = new byte[header.Length + BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3))];
            header.CopyTo(record, 0);
            await from.ReadExactlyAsync(record.AsMemory(header.Length), stopping);
            if (isTampered && Interlocked.Exchange(ref _armed, 0) == 1)
            {
                HasActed = true;
                switch (fault)
                {
                    case RecordFault.Flip:
                        record[^1] ^= 0x10;
                        break;
                    case RecordFault.Drop:
                        continue;
                    case RecordFault.Replay:
                        await to.WriteAsync(record, stopping);
                        break;
                    case RecordFault.CutWithin:
                        await to.WriteAsync(record.AsMemory(0, record.Length / 2), stopping);
                        return;
                    case RecordFault.CutBefore:
                        return;
                }
            }
            await to.WriteAsync(record, stopping);
        }
    }
}
