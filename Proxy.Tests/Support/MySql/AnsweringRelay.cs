using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Proxy.Tests.Support.MySql;

/// <summary>A hostile MariaDB: a real one, but for what it answers to one text, of which it never hears. Ends TLS on both sides.</summary>
/// <param name="port">Of the real one.</param>
/// <param name="text">As COM_QUERY.</param>
/// <param name="answer">The packets' payloads, numbered from 1.</param>
internal sealed class AnsweringRelay(int port, byte[] text, params byte[][] answer) : TcpRelay(port)
{
    private const byte Query = 3;
    private const int HeaderLength = 4;

    protected override async Task CarryAsync(NetworkStream client, NetworkStream server, CancellationToken stopping)
    {
        await client.WriteAsync(await PacketAsync(server, stopping), stopping);
        if (await PacketAsync(client, stopping) is not { Length: > 0 } request) return; // It wanted to know the greeting.
        await server.WriteAsync(request, stopping);
        await using var near = new SslStream(client);
        await near.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = TestCertificates.Shared.Server }, stopping);
        await using var far = new SslStream(server);
        await far.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = MariaDbServer.Host,
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { TestCertificates.Shared.Authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
            stopping);
        var replies = far.CopyToAsync(near, stopping);
        while (await PacketAsync(near, stopping) is { Length: > 0 } packet)
        {
            if (packet.AsSpan(HeaderLength) is [Query, .. var asked] && asked.SequenceEqual(text))
                for (var i = 0; i < answer.Length; i++) await near.WriteAsync(MySqlWireClient.Packet((byte)(i + 1), answer[i]), stopping);
            else
                await far.WriteAsync(packet, stopping);
        }

        far.Close();
        await Task.WhenAny(replies);
    }

    /// <summary>With its header; empty when the peer has left.</summary>
    private static async Task<byte[]> PacketAsync(Stream stream, CancellationToken stopping)
    {
        var header = new byte[HeaderLength];
        if (await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, stopping) < HeaderLength) return [];
        var packet = new byte[HeaderLength + (header[0] | (header[1] << 8) | (header[2] << 16))];
        header.CopyTo(packet, 0);
        await stream.ReadExactlyAsync(packet.AsMemory(HeaderLength), stopping);
        return packet;
    }
}
