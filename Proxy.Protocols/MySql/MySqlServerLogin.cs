using System.Security.Cryptography;
using System.Text;
using Proxy.Core.Policy;
using Proxy.Protocols.MySql.Login;
using Proxy.Protocols.MySql.Messages;
using Proxy.Protocols.Secrets;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Signs in to the server with the gateway's own credentials: TLS first, then whatever the server asks for of caching_sha2_password, mysql_native_password,
/// client_ed25519 and mysql_clear_password. A password in clear goes only into TLS. Then begins the session as the rules want it.
/// </summary>
internal sealed class MySqlServerLogin(IConnection server, TargetGreeting target, bool requiresTls)
{
    private const int LoginPacketBytesMax = 64 << 10;
    private const string ClearPassword = "mysql_clear_password";

    /// <summary>Switches of plugin and further messages; a server needs three.</summary>
    private const int StepsMax = 8;

    private readonly MySqlPacketReader _packets = new(server.Input, 0);

    /// <summary>What the session is called at the server, where the server takes attributes.</summary>
    public IEnumerable<KeyValuePair<string, string>> Attributes { get; init; } = [];

    /// <param name="client">What the client asked for: the server is asked for the same.</param>
    /// <param name="user">Whom to log in as.</param>
    /// <param name="password">In UTF-8.</param>
    /// <param name="database">Which is the default then.</param>
    /// <param name="settings">What the rules impose.</param>
    /// <param name="cancellationToken">Ends with the connection.</param>
    /// <exception cref="ServerLoginException">The server refused, or broke the protocol.</exception>
    public async Task<ServerSession> RunAsync(
        HandshakeResponse client, string user, byte[] password, string database, SessionSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            var greeting = await target.ReadAsync(_packets, cancellationToken);
            var wanted = (client.Capabilities & MySqlStartup.Understood)
                | Capabilities.MySql | Capabilities.Protocol41 | Capabilities.SecureConnection | Capabilities.PluginAuth | Capabilities.ConnectWithDatabase;
            // Not MariaDB's of its own: it would send definitions in another form.
            if ((wanted & ~greeting.Capabilities & ~Capabilities.MySql) is not Capabilities.None and var missing)
                throw new ServerLoginException($"the server has changed and lacks what clients were offered: {missing}");
            var response = new HandshakeResponse
            {
                Capabilities = wanted | (greeting.Capabilities & Capabilities.ConnectAttributes) | (requiresTls ? Capabilities.Tls : Capabilities.None),
                Collation = client.Collation == 0 ? MySqlCharacterSets.Default : client.Collation,
                User = user,
                Database = database,
                Plugin = greeting.Plugin,
                Authentication = Prove(greeting.Plugin, password, greeting.Scramble) ?? [],
                Attributes = Attributes.ToDictionary(),
            };
            if (requiresTls) await EncryptAsync(response, greeting, cancellationToken);
            await SendAsync(response.Encode(_packets.Sequence++), cancellationToken);
            await AuthenticateAsync(greeting.Plugin, greeting.Scramble, password, cancellationToken);
            return await BeginAsync(greeting, settings, cancellationToken);
        }
        catch (ProtocolViolationException violation)
        {
            throw new ServerLoginException(violation.Message);
        }
    }

    private async Task EncryptAsync(HandshakeResponse response, Greeting greeting, CancellationToken cancellationToken)
    {
        if (!greeting.Capabilities.HasFlag(Capabilities.Tls)) throw new TlsHandshakeException(TlsHandshakeFailure.NotOffered, "The server does not offer TLS");
        await SendAsync(response.EncodeTlsRequest(_packets.Sequence++), cancellationToken);
        await server.UpgradeAsClientAsync(cancellationToken);
    }

    private async Task AuthenticateAsync(string plugin, byte[] scramble, byte[] password, CancellationToken cancellationToken)
    {
        for (var step = 0; step < StepsMax; step++)
        {
            var payload = await ReadAsync(cancellationToken);
            switch (payload)
            {
                case [ReplyCode.Ok, ..]:
                    return;
                case [ReplyCode.Eof, ..]:
                    if (!AuthSwitch.TryDecode(payload, out plugin, out scramble)) throw new ServerLoginException("the server asks for an authentication of before MySQL 4.1");
                    var proof = Prove(plugin, password, scramble)
                        ?? throw new ServerLoginException("the server asks for an authentication plugin that is not supported");
                    await SendAsync(PacketOf([proof]), cancellationToken);
                    SecretBytes.Clear(proof);
                    break;
                case [ReplyCode.AuthMoreData, CachingSha2Password.FastSuccess] when plugin == CachingSha2Password.Name:
                    break;
                case [ReplyCode.AuthMoreData, CachingSha2Password.FullAuthentication] when plugin == CachingSha2Password.Name:
                    if (!server.IsEncrypted) throw new ServerLoginException("the server asks for the password itself outside TLS");
                    await SendAsync(PacketOf([password, [0]]), cancellationToken);
                    break;
                default:
                    throw new ServerLoginException("the server continues the authentication in a way that is not supported");
            }
        }

        throw new ServerLoginException("the server does not come to an end of the authentication");
    }

    /// <summary>What answers the plugin's scramble, or null where the plugin is not supported, or not here.</summary>
    private byte[]? Prove(string plugin, byte[] password, byte[] scramble) => plugin switch
    {
        CachingSha2Password.Name => CachingSha2Password.Prove(password, scramble),
        NativePassword.Name => NativePassword.Prove(password, scramble),
        ClientEd25519.Name => ClientEd25519.Prove(password, scramble),
        ClearPassword when server.IsEncrypted => Terminated(password),
        _ => null,
    };

    private static byte[] Terminated(byte[] password)
    {
        var terminated = SecretBytes.New(password.Length + 1);
        password.CopyTo(terminated, 0);
        terminated[^1] = 0;
        return terminated;
    }

    /// <summary>A packet whose payload may be a password, made of these parts and of no copy of theirs.</summary>
    private byte[] PacketOf(ReadOnlySpan<byte[]> parts)
    {
        var length = 0;
        foreach (var part in parts) length += part.Length;
        var packet = SecretBytes.New(MySqlFraming.HeaderLength + length);
        MySqlFraming.WriteLength(packet, length);
        packet[MySqlFraming.HeaderLength - 1] = _packets.Sequence++;
        var at = MySqlFraming.HeaderLength;
        foreach (var part in parts)
        {
            part.CopyTo(packet, at);
            at += part.Length;
        }

        return packet;
    }

    private async Task<ServerSession> BeginAsync(Greeting greeting, SessionSettings settings, CancellationToken cancellationToken)
    {
        var row = await QueryAsync("SELECT @@session.sql_mode, @@session.character_set_client, @@session.collation_connection, @@lower_case_table_names", cancellationToken);
        if (row is not [{ } mode, { } characterSet, { } collation, { } lowerCase] || !row.All(IsWord)) throw new ServerLoginException("the server does not say how it reads texts");
        var state = new ServerSessionState(mode, characterSet, collation, FoldsRelationNames: lowerCase is not "0");
        var setup = SessionSetup.Text(settings, state, greeting.Version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase));
        _packets.Sequence = 0;
        await SendAsync(new PacketWriter().Begin(_packets.Sequence++).Byte(CommandCode.Query).Bytes(setup).End().ToArray(), cancellationToken);
        var payload = await ReadAsync(cancellationToken);
        // The capabilities decide how long the packet is; its status stands in the same place.
        var reader = new PayloadReader(payload);
        reader.Byte();
        reader.Integer();
        reader.Integer();
        var status = (ServerStatus)reader.UInt16();
        if (payload is not [ReplyCode.Ok, ..] || reader.Failed) throw new ServerLoginException("the session could not be set up");
        return new ServerSession(greeting.Version, greeting.ThreadId, status & ~ServerStatus.StateChanged, state, setup);
    }

    /// <summary>The one row of a query, in text.</summary>
    private async Task<string?[]> QueryAsync(string text, CancellationToken cancellationToken)
    {
        _packets.Sequence = 0;
        await SendAsync(
            new PacketWriter().Begin(_packets.Sequence++).Byte(CommandCode.Query).Bytes(Encoding.ASCII.GetBytes(text)).End().ToArray(), cancellationToken);
        if (await ReadAsync(cancellationToken) is not [> 0 and < 0xFB and var columns]) throw new ServerLoginException("a result was expected");
        for (var i = 0; i < columns; i++) await ReadAsync(cancellationToken);
        var row = new string?[columns];
        var isRead = false;
        // An EOF behind the definitions, or none; the row; the end.
        for (var packets = 0; packets < 3; packets++)
        {
            var payload = await ReadAsync(cancellationToken);
            if (payload is [ReplyCode.Eof, ..])
            {
                if (isRead) return row;
                continue;
            }

            var reader = new PayloadReader(payload);
            for (var i = 0; i < columns; i++) row[i] = Encoding.UTF8.GetString(reader.Text());
            if (!reader.IsAtEnd || isRead) throw new ServerLoginException("one row was expected");
            isRead = true;
        }

        throw new ServerLoginException("a result without an end");
    }

    private static bool IsWord(string? value) => value!.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or ',');

    private async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        var payload = await _packets.ReadAsync(LoginPacketBytesMax, cancellationToken)
            ?? throw new ServerLoginException("the server closed the connection during login");
        return payload switch
        {
            [] => throw new ServerLoginException("an empty packet during login"),
            [ReplyCode.Error, ..] => throw ServerLoginException.Of(payload),
            _ => payload,
        };
    }

    /// <summary>Sends a packet that may hold a password.</summary>
    private async Task SendAsync(byte[] packet, CancellationToken cancellationToken)
    {
        await server.Output.WriteAsync(packet, cancellationToken);
        CryptographicOperations.ZeroMemory(packet);
    }
}
