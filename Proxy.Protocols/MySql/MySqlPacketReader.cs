using System.Buffers;
using System.IO.Pipelines;
using Proxy.Protocols.Secrets;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Reads one packet at a time while connections begin, where nothing is pipelined and nothing is hot, and checks that they come in sequence. It consumes
/// exactly the packet: what lies behind it is the next reader's (a ClientHello lies behind an SSLRequest).
/// </summary>
internal sealed class MySqlPacketReader(PipeReader input, byte sequence)
{
    /// <summary>The number that the next packet, in either direction, has to have.</summary>
    public byte Sequence { get; set; } = sequence;

    /// <summary>A payload, or null when the peer left.</summary>
    /// <exception cref="ProtocolViolationException">The packet is out of order, or longer than is allowed here.</exception>
    public async ValueTask<byte[]?> ReadAsync(int bytesMax, CancellationToken cancellationToken)
    {
        if (await ReadExactlyAsync(MySqlFraming.HeaderLength, cancellationToken) is not { } header) return null;
        MySqlFraming.TryReadHeader(header, out var length, out var sequence);
        if (sequence != Sequence) throw new ProtocolViolationException("a packet is out of order");
        if (length > bytesMax) throw new ProtocolViolationException("a packet is too long");
        Sequence++;
        return await ReadExactlyAsync(length, cancellationToken);
    }

    private async ValueTask<byte[]?> ReadExactlyAsync(int count, CancellationToken cancellationToken)
    {
        if (count == 0) return [];
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            if (read.Buffer.Length >= count)
            {
                var taken = SecretBytes.New(count); // It may be a token or a password: whoever reads one clears it.
                read.Buffer.Slice(0, count).CopyTo(taken);
                input.AdvanceTo(read.Buffer.GetPosition(count));
                return taken;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) return null;
        }
    }
}
