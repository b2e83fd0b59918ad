using System.Buffers;
using Proxy.Host.Transport;

namespace Proxy.Tests.Host.Transport;

internal static class ConnectionReading
{
    /// <summary>Takes exactly so many bytes, leaving those behind them unread.</summary>
    public static async Task<byte[]> ReadExactlyAsync(this SocketConnection connection, int count)
    {
        while (true)
        {
            var result = await connection.Input.ReadAsync();
            if (result.Buffer.Length >= count)
            {
                var taken = result.Buffer.Slice(0, count).ToArray();
                connection.Input.AdvanceTo(result.Buffer.GetPosition(count));
                return taken;
            }
            connection.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted)
                throw new EndOfStreamException($"Ended with {connection.End}");
        }
    }
}
