using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;
using Proxy.Protocols.Secrets;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Signs in to the server with the gateway's own credentials: TLS first, then whatever the server asks for of SCRAM-SHA-256(-PLUS), MD5 and
/// cleartext. A cleartext password goes only into TLS.
/// </summary>
public sealed class PostgresServerLogin(IConnection server, bool requiresTls, ScramKeyCache scramKeys)
{
    private const int LoginMessageBytesMax = 64 << 10;

    /// <summary>All that a server may report about itself: PostgreSQL 18 takes 500 bytes.</summary>
    private const int ReportedBytesMax = 256 << 10;

    private readonly ArrayBufferWriter<byte> _forClient = new();
    private readonly Dictionary<string, string> _parameters = [];
    private CancelTicket _cancelKey = new(0, []);

    /// <summary>What the client is told as its application_name, where the start-up packet calls the session otherwise; null: what the server says.</summary>
    public string? ShownApplicationName { get; init; }

    /// <exception cref="ServerLoginException">The server refused, or broke the protocol.</exception>
    public async Task<ServerGreeting> RunAsync(
        IEnumerable<KeyValuePair<string, string>> startup, string user, byte[] password, CancellationToken cancellationToken)
    {
        if (requiresTls) await EncryptAsync(server, cancellationToken);
        await SendAsync(StartupMessage.Encode(startup), cancellationToken);
        try
        {
            await AuthenticateAsync(user, password, cancellationToken);
            while (true)
            {
                var (type, body) = await ReadAsync(cancellationToken);
                if (type is BackendCode.ReadyForQuery)
                    return new ServerGreeting(_forClient.WrittenSpan.ToArray(), _parameters.ToFrozenDictionary(), _cancelKey);
                Collect(type, body);
            }
        }
        catch (ProtocolViolationException violation)
        {
            throw new ServerLoginException(violation.Message);
        }
    }

    /// <summary>Asks for TLS and upgrades; also used for the connection that carries a CancelRequest.</summary>
    public static async Task EncryptAsync(IConnection server, CancellationToken cancellationToken)
    {
        await server.Output.WriteAsync(
            new MessageWriter().BeginUntyped().Int32(ProtocolCode.SslRequest).End().ToArray(), cancellationToken);
        var answer = await PacketReader.ReadExactlyAsync(server.Input, 1, cancellationToken);
        if (answer is [(byte)'N']) throw new TlsHandshakeException(TlsHandshakeFailure.NotOffered, "The server does not offer TLS");
        if (answer is not [(byte)'S']) throw new ServerLoginException("the server does not answer the request for TLS as a server does");
        await server.UpgradeAsClientAsync(cancellationToken);
    }

    private void Collect(byte type, byte[] body)
    {
        switch (type)
        {
            case BackendCode.BackendKeyData when body.Length > sizeof(int):
                _cancelKey = new CancelTicket(BinaryPrimitives.ReadInt32BigEndian(body), body[sizeof(int)..]);
                break;
            case BackendCode.ParameterStatus:
                var reader = new WireReader(body);
                _parameters[Encoding.UTF8.GetString(reader.ReadCString())] = Encoding.UTF8.GetString(reader.ReadCString());
                if (!reader.IsAtEnd) throw new ProtocolViolationException("malformed ParameterStatus");
                if (_forClient.WrittenCount > ReportedBytesMax) throw new ProtocolViolationException("too many parameters were reported");
                _forClient.Write(ShownApplicationName is { } shown && body.AsSpan().StartsWith("application_name\0"u8)
                    ? new MessageWriter().Begin(type).CString("application_name").CString(shown).End().ToArray()
                    : new MessageWriter().Begin(type).Bytes(body).End().ToArray());
                break;
            case BackendCode.NoticeResponse or BackendCode.NegotiateProtocolVersion:
                break; // A notice to the gateway's own user; and 3.0 without options leaves nothing to negotiate.
            default:
                throw new ProtocolViolationException($"message type 0x{type:x2} during login");
        }
    }

    private async Task AuthenticateAsync(string user, byte[] password, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (type, body) = await ReadAsync(cancellationToken);
            if (type is BackendCode.NegotiateProtocolVersion or BackendCode.NoticeResponse) continue;
            if (type is not BackendCode.Authentication || body.Length < sizeof(int)) throw new ProtocolViolationException("an authentication request was expected");
            switch (BinaryPrimitives.ReadInt32BigEndian(body))
            {
                case 0:
                    return;
                case 3:
                    if (!server.IsEncrypted) throw new ServerLoginException("the server asks for a cleartext password outside TLS");
                    await SendPasswordAsync(password, cancellationToken);
                    break;
                case 5 when body.Length == 2 * sizeof(int):
                    await SendPasswordAsync(Md5(user, password, body.AsSpan(sizeof(int))), cancellationToken);
                    break;
                case 10:
                    await AuthenticateByScramAsync(body, password, cancellationToken);
                    break;
                case var code:
                    throw new ServerLoginException($"the server asks for authentication method {code}, which is not supported");
            }
        }
    }

    private async Task AuthenticateByScramAsync(byte[] request, byte[] password, CancellationToken cancellationToken)
    {
        var offered = Encoding.ASCII.GetString(request.AsSpan(sizeof(int))).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (!offered.Contains(ScramClient.Mechanism) && !offered.Contains(ScramClient.MechanismPlus))
            throw new ServerLoginException("the server offers no SASL mechanism that is supported");
        var scram = new ScramClient(password, server.EndPointCertificate, offered.Contains(ScramClient.MechanismPlus),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)), scramKeys);
        var first = Encoding.UTF8.GetBytes(scram.ClientFirst);
        await SendAsync(new MessageWriter().Begin(FrontendCode.Password)
            .CString(scram.ToString()).Int32(first.Length).Bytes(first).End().ToArray(), cancellationToken);
        var serverFirst = await ReadSaslAsync(11, cancellationToken);
        var final = await Task.Run(() => scram.ClientFinal(serverFirst), cancellationToken); // Deriving the key would hold up the socket thread.
        await SendAsync(new MessageWriter().Begin(FrontendCode.Password).Bytes(Encoding.UTF8.GetBytes(final)).End().ToArray(), cancellationToken);
        if (!scram.Verify(await ReadSaslAsync(12, cancellationToken)))
            throw new ServerLoginException("the server does not know the password it asked for");
    }

    private async Task<string> ReadSaslAsync(int expected, CancellationToken cancellationToken)
    {
        var (type, body) = await ReadAsync(cancellationToken);
        if (type is not BackendCode.Authentication || body.Length < sizeof(int) || BinaryPrimitives.ReadInt32BigEndian(body) != expected)
            throw new ProtocolViolationException("a SASL message was expected");
        return Encoding.UTF8.GetString(body.AsSpan(sizeof(int)));
    }

    private async Task<(byte Type, byte[] Body)> ReadAsync(CancellationToken cancellationToken)
    {
        var (type, body) = await PacketReader.ReadAsync(server.Input, LoginMessageBytesMax, cancellationToken);
        if (body is null) throw new ServerLoginException("the server closed the connection during login");
        if (type is BackendCode.ErrorResponse) throw new ServerLoginException("the server refused the login", body);
        return (type, body);
    }

    private async Task SendPasswordAsync(byte[] password, CancellationToken cancellationToken)
    {
        var message = SecretBytes.New(PostgresFraming.HeaderLength + password.Length + 1);
        message[0] = FrontendCode.Password;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        password.CopyTo(message, PostgresFraming.HeaderLength);
        message[^1] = 0;
        try
        {
            await SendAsync(message, cancellationToken);
        }
        finally
        {
            SecretBytes.Clear(message);
        }
    }

    private async Task SendAsync(byte[] bytes, CancellationToken cancellationToken) =>
        await server.Output.WriteAsync(bytes, cancellationToken);

    /// <summary>"md5" and the hash of hash(password, user) and salt, in hexadecimal (protocol documentation, AuthenticationMD5Password).</summary>
#pragma warning disable CA5351 // The protocol's choice, for old servers only.
    private static byte[] Md5(string user, byte[] password, ReadOnlySpan<byte> salt)
    {
        var inner = Convert.ToHexStringLower(MD5.HashData([.. password, .. Encoding.UTF8.GetBytes(user)]));
        return Encoding.ASCII.GetBytes("md5" + Convert.ToHexStringLower(MD5.HashData([.. Encoding.ASCII.GetBytes(inner), .. salt])));
    }
#pragma warning restore CA5351
}
