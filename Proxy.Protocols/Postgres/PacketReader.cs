using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Proxy.Protocols.Secrets;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Reads one packet at a time during start-up and login, where nothing is pipelined and nothing is hot. It consumes exactly the packet:
/// what lies behind it is the next reader's (a TLS handshake must not find plaintext).
/// </summary>
internal static class PacketReader
{
    /// <summary>The first byte without consuming it, or -1 when the peer left.</summary>
    public static async ValueTask<int> PeekAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            if (!read.Buffer.IsEmpty)
            {
                int first = read.Buffer.FirstSpan[0];
                input.AdvanceTo(read.Buffer.Start);
                return first;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) return -1;
        }
    }

    /// <summary>A start-up packet behind its length, or null when the peer left.</summary>
    /// <exception cref="ProtocolViolationException">The length is impossible.</exception>
    public static async ValueTask<byte[]?> ReadUntypedAsync(PipeReader input, int bytesMax, CancellationToken cancellationToken)
    {
        var header = await ReadExactlyAsync(input, sizeof(int), cancellationToken);
        if (header is null) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(header);
        if (length < 2 * sizeof(int) || length > bytesMax) throw new ProtocolViolationException("a start-up packet has an impossible length");
        return await ReadExactlyAsync(input, length - sizeof(int), cancellationToken);
    }

    /// <summary>A message with a type, or a null body when the peer left.</summary>
    /// <exception cref="ProtocolViolationException">The length is impossible.</exception>
    public static async ValueTask<(byte Type, byte[]? Body)> ReadAsync(PipeReader input, int bytesMax, CancellationToken cancellationToken)
    {
        var header = await ReadExactlyAsync(input, PostgresFraming.HeaderLength, cancellationToken);
        if (header is null) return (0, null);
        var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1));
        if (length < sizeof(int) || length > bytesMax) throw new ProtocolViolationException("a message has an impossible length");
        return (header[0], await ReadExactlyAsync(input, length - sizeof(int), cancellationToken));
    }

    public static async ValueTask<byte[]?> ReadExactlyAsync(PipeReader input, int count, CancellationToken cancellationToken)
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
