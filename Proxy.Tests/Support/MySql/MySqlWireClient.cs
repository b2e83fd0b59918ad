using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Proxy.Tests.Support.MySql;

/// <summary>
/// A client that sends exactly the bytes it is told to and hands out exactly the packets that come. Every receive has a deadline, so a
/// test that waits for an answer that never comes fails instead of hanging.
/// </summary>
internal sealed class MySqlWireClient : IAsyncDisposable
{
    /// <summary>Protocol 4.1, plugins, database, results and EOFs in the older form.</summary>
    public const uint PlainCapabilities = 0x1 | 0x2 | 0x4 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x2_0000 | 0x4_0000 | 0x8_0000;

    /// <summary>CLIENT_MULTI_STATEMENTS.</summary>
    public const uint SeveralStatements = 0x1_0000;

    public const uint DeprecateEof = 0x100_0000;
    public const uint SessionTrack = 0x80_0000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly IDisposable? _connection;
    private Stream _input;
    private Stream _output;

    private MySqlWireClient(Stream input, Stream output, IDisposable? connection)
    {
        _input = input;
        _output = output;
        _connection = connection;
    }

    /// <summary>The server's first packet.</summary>
    public MySqlPacket Greeting { get; private set; } = new(0, []);

    /// <summary>What the login ended with: OK or ERR.</summary>
    public MySqlPacket LoginReply { get; private set; } = new(0, []);

    /// <summary>Most drivers end the secret with a zero; some leave it out.</summary>
    public bool EndsSecret { get; set; } = true;

    public uint ThreadId => BitConverter.ToUInt32(Greeting.Payload, Array.IndexOf(Greeting.Payload, (byte)0, 1) + 1);

    public static async Task<MySqlWireClient> ConnectAsync(string host, int port)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(host, port);
        var client = new MySqlWireClient(tcp.GetStream(), tcp.GetStream(), tcp);
        client.Greeting = await client.ReceiveAsync() ?? throw new EndOfStreamException("No greeting came.");
        return client;
    }

    /// <summary>A client that is logged in already.</summary>
    public static MySqlWireClient Over(IDuplexPipe connection) => new(connection.Input.AsStream(), connection.Output.AsStream(), connection: null);

    /// <summary>Connects over TLS and logs in.</summary>
    public static async Task<MySqlWireClient> OpenAsync(ClientEndpoint endpoint, uint capabilities = PlainCapabilities, byte collation = 45)
    {
        var client = await ConnectAsync("127.0.0.1", endpoint.Port);
        if (client.Greeting.IsError) throw new InvalidOperationException($"No greeting: {client.Greeting.Message}");
        await client.LogInAsync(endpoint, capabilities, collation);
        return client.LoginReply.IsOk ? client : throw new InvalidOperationException($"Refused: {client.LoginReply.Message}");
    }

    /// <summary>Sends the whole login, over TLS; <see cref="LoginReply"/> is what it ended with.</summary>
    public async Task LogInAsync(ClientEndpoint endpoint, uint capabilities = PlainCapabilities, byte collation = 45)
    {
        byte[] head = [.. BitConverter.GetBytes(capabilities | 0x800), .. BitConverter.GetBytes(1 << 30), collation, .. new byte[23]];
        await SendPacketAsync(1, head);
        await EncryptAsync();
        await SendPacketAsync(2,
            [.. head, .. Encoding.UTF8.GetBytes(endpoint.User), 0, 0, .. Encoding.UTF8.GetBytes(endpoint.Database), 0, .. "caching_sha2_password"u8, 0]);
        LoginReply = await AuthenticateAsync(endpoint);
    }

    /// <summary>COM_CHANGE_USER, to its end: OK or ERR.</summary>
    public async Task<MySqlPacket> ChangeUserAsync(ClientEndpoint endpoint, byte collation = 45)
    {
        await SendPacketAsync(
            0, [17, .. Encoding.UTF8.GetBytes(endpoint.User), 0, 0, .. Encoding.UTF8.GetBytes(endpoint.Database), 0, collation, 0, .. "caching_sha2_password"u8, 0]);
        return await AuthenticateAsync(endpoint);
    }

    private async Task<MySqlPacket> AuthenticateAsync(ClientEndpoint endpoint)
    {
        while (true)
        {
            var packet = await ReceiveAsync() ?? throw new EndOfStreamException("The connection ended during the login.");
            switch (packet.Payload)
            {
                case [0xFE, .. var request]:
                    var plugin = Encoding.ASCII.GetString(request, 0, Array.IndexOf(request, (byte)0));
                    await SendPacketAsync((byte)(packet.Sequence + 1), Prove(plugin, endpoint.Password, request[(plugin.Length + 1)..^1]));
                    break;
                case [0x01, 0x04]:
                    await SendPacketAsync((byte)(packet.Sequence + 1), EndsSecret ? [.. Encoding.UTF8.GetBytes(endpoint.Password), 0] : Encoding.UTF8.GetBytes(endpoint.Password));
                    break;
                case [0x01, 0x03]:
                    break;
                default:
                    return packet;
            }
        }
    }

    public async Task EncryptAsync()
    {
        var tls = new SslStream(_output);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { TestCertificates.Shared.Authority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        using var deadline = new CancellationTokenSource(Deadline);
        await tls.AuthenticateAsClientAsync(options, deadline.Token);
        _input = _output = tls;
    }

    public Task SendPacketAsync(byte sequence, ReadOnlySpan<byte> payload) => SendAsync(Packet(sequence, payload));

    public static byte[] Packet(byte sequence, ReadOnlySpan<byte> payload) =>
        [(byte)payload.Length, (byte)(payload.Length >> 8), (byte)(payload.Length >> 16), sequence, .. payload];

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await _output.WriteAsync(bytes, deadline.Token);
        await _output.FlushAsync(deadline.Token);
    }

    /// <summary>Sends one command and returns its reply, whole, by the forms that this client asked for.</summary>
    public async Task<IReadOnlyList<MySqlPacket>> CommandAsync(byte[] payload, uint capabilities = PlainCapabilities)
    {
        await SendPacketAsync(0, payload);
        return await ReplyAsync(payload[0], (capabilities & DeprecateEof) != 0);
    }

    public Task<IReadOnlyList<MySqlPacket>> QueryAsync(string text, uint capabilities = PlainCapabilities) =>
        CommandAsync([3, .. Encoding.UTF8.GetBytes(text)], capabilities);

    /// <summary>The reply to a command of this code.</summary>
    public async Task<IReadOnlyList<MySqlPacket>> ReplyAsync(byte command, bool deprecatesEof)
    {
        var reply = new List<MySqlPacket>();
        while (true)
        {
            var first = await NextAsync(reply);
            if (first.IsError || (first.Payload[0] is 0xFE && command is not 28)) return reply;
            if (command is 22)
            {
                var parameters = BitConverter.ToUInt16(first.Payload, 7);
                var columns = BitConverter.ToUInt16(first.Payload, 5);
                for (var i = 0; i < parameters + (parameters > 0 && !deprecatesEof ? 1 : 0) + columns + (columns > 0 && !deprecatesEof ? 1 : 0); i++) await NextAsync(reply);
                return reply;
            }

            if (first.IsOk && command is not 28)
            {
                if (!HasMore(first)) return reply;
                continue;
            }

            if (command is not 28)
            {
                for (var i = 0; i < first.Payload[0]; i++) await NextAsync(reply);
                if (!deprecatesEof && await NextAsync(reply) is var end && (end.IsError || (BitConverter.ToUInt16(end.Payload, 3) & 0x40) != 0)) return reply;
            }

            var packet = command is 28 ? first : await NextAsync(reply);
            while (!packet.IsError && !(packet.Payload[0] == 0xFE && (deprecatesEof || packet.Payload.Length < 9))) packet = await NextAsync(reply);
            if (packet.IsError || command is 28 || !HasMore(packet)) return reply;
        }
    }

    /// <summary>The next packet; null at the end of the stream.</summary>
    public async Task<MySqlPacket?> ReceiveAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var header = new byte[4];
        try
        {
            if (await _input.ReadAtLeastAsync(header, 4, throwOnEndOfStream: false, deadline.Token) < 4) return null;
            var payload = new byte[header[0] | (header[1] << 8) | (header[2] << 16)];
            await _input.ReadExactlyAsync(payload, deadline.Token);
            return new MySqlPacket(header[3], payload);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"No packet came within {Deadline}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _output.DisposeAsync();
        await _input.DisposeAsync();
        _connection?.Dispose();
    }

    private async Task<MySqlPacket> NextAsync(List<MySqlPacket> reply)
    {
        var packet = await ReceiveAsync() ?? throw new EndOfStreamException($"The connection ended after: {string.Join(", ", reply)}");
        reply.Add(packet);
        return packet;
    }

    /// <summary>Whether an OK or EOF announces another result.</summary>
    private static bool HasMore(MySqlPacket end)
    {
        if (end.Payload is [0xFE, _, _, var low, _] && end.Payload.Length == 5) return (low & 8) != 0;
        var at = 1;
        for (var i = 0; i < 2; i++) at += end.Payload[at] switch { 0xFC => 3, 0xFD => 4, 0xFE => 9, _ => 1 };
        return (end.Payload[at] & 8) != 0;
    }

    private static byte[] Prove(string plugin, string password, byte[] scramble)
    {
        if (plugin == "caching_sha2_password") return [.. SHA256.HashData(scramble)]; // Proves nothing: the gateway asks for the password itself.
#pragma warning disable CA5350 // The protocol's choice.
        var once = SHA1.HashData(Encoding.UTF8.GetBytes(password));
        var proof = SHA1.HashData([.. scramble, .. SHA1.HashData(once)]);
#pragma warning restore CA5350
        for (var i = 0; i < proof.Length; i++) proof[i] ^= once[i];
        return proof;
    }
}
