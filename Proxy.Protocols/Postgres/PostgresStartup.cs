using System.Buffers;
using System.Buffers.Binary;
using Proxy.Core.Policy;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// What a client sends before it says who it is: TLS by request or at once, GSSENCRequest (declined), CancelRequest, StartupMessage
/// (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP). A secret is never asked for in plaintext.
/// </summary>
public sealed class PostgresStartup(IConnection client, Limits limits, bool acceptsPlaintext)
{
    /// <summary>A client tries GSSENC, then TLS, then starts; one that goes on asking is not a client.</summary>
    private const int RequestsMax = 4;

    public async Task<StartupOutcome> RunAsync(CancellationToken cancellationToken)
    {
        if (await PacketReader.PeekAsync(client.Input, cancellationToken) == ProtocolCode.TlsHandshakeRecord)
            await client.UpgradeAsServerAsync(directTls: true, cancellationToken);
        for (var i = 0; i < RequestsMax; i++)
        {
            var packet = await PacketReader.ReadUntypedAsync(client.Input, limits.StartupBytesMax, cancellationToken);
            if (packet is null) return StartupOutcome.ClientLeft;
            switch (BinaryPrimitives.ReadInt32BigEndian(packet))
            {
                case ProtocolCode.SslRequest when !client.IsEncrypted && packet.Length == sizeof(int):
                    await WriteAsync("S"u8.ToArray(), cancellationToken);
                    await client.UpgradeAsServerAsync(directTls: false, cancellationToken);
                    continue;
                case ProtocolCode.GssEncRequest when !client.IsEncrypted && packet.Length == sizeof(int):
                    await WriteAsync("N"u8.ToArray(), cancellationToken);
                    continue;
                case ProtocolCode.CancelRequest when packet.Length is > 2 * sizeof(int) and <= 2 * sizeof(int) + CancelKeys.SecretBytesMax:
                    return new StartupOutcome(null, new CancelTicket(
                        BinaryPrimitives.ReadInt32BigEndian(packet.AsSpan(sizeof(int))), packet[(2 * sizeof(int))..]), null);
                case var version when version >> 16 == 3:
                    return await StartAsync(packet, cancellationToken);
                default:
                    return Refused(Refusals.ProtocolViolation.Because("the protocol version is not supported"));
            }
        }

        return Refused(Refusals.ProtocolViolation.Because("no StartupMessage came"));
    }

    private async Task<StartupOutcome> StartAsync(byte[] packet, CancellationToken cancellationToken)
    {
        if (!client.IsEncrypted && !acceptsPlaintext) return Refused(Refusals.TlsRequired.Because("the connection is in plaintext"));
        if (!StartupMessage.TryDecode(packet, out var start)) return Refused(Refusals.ProtocolViolation.Because("malformed StartupMessage"));
        if (start["replication"] is { } replication && !IsFalse(replication))
            return Refused(Refusals.ReplicationRefused.Because("the replication parameter is set"));
        await NegotiateAsync(start, cancellationToken);
        return new StartupOutcome(start, null, null);
    }

    /// <summary>
    /// A newer minor version, or options that nobody has heard of, are answered with what we speak, and the client goes on or leaves. libpq sends
    /// both on purpose, to find proxies that hang up instead.
    /// </summary>
    private async Task NegotiateAsync(StartupMessage start, CancellationToken cancellationToken)
    {
        var options = start.Parameters.Select(parameter => parameter.Key)
            .Where(name => name.StartsWith("_pq_.", StringComparison.Ordinal)).ToArray();
        if (start.MinorVersion <= ProtocolCode.NewestMinor && options.Length == 0) return;
        var writer = new MessageWriter().Begin(BackendCode.NegotiateProtocolVersion)
            .Int32(ProtocolCode.Version30 | Math.Min(start.MinorVersion, ProtocolCode.NewestMinor)).Int32(options.Length);
        foreach (var option in options)
            writer.CString(option);
        await WriteAsync(writer.End().ToArray(), cancellationToken);
    }

    /// <summary>The spellings of false that the server's parse_bool accepts.</summary>
    private static bool IsFalse(string value) => value.ToLowerInvariant() is "0" or "f" or "fa" or "fal" or "fals" or "false" or "n" or "no" or "of" or "off";

    private static StartupOutcome Refused(Refusal refusal) => new(null, null, refusal);

    private async ValueTask WriteAsync(byte[] bytes, CancellationToken cancellationToken) =>
        await client.Output.WriteAsync(bytes, cancellationToken);
}
