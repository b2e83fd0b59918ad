using System.Security.Cryptography;
using Proxy.Core.Policy;
using Proxy.Protocols.MySql.Messages;
using Proxy.Protocols.Secrets;

namespace Proxy.Protocols.MySql;

/// <summary>
/// The beginning of a connection: our greeting, the client's request for TLS, and who it says that it is
/// (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html). A secret is never asked for in plaintext.
/// </summary>
internal sealed class MySqlStartup(IConnection client, Limits limits, bool acceptsPlaintext)
{
    /// <summary>What is understood here, on both legs. What changes the framing, hides definitions from us or lets the server ask for files is not among it.</summary>
    public const Capabilities Understood = Capabilities.MySql | Capabilities.FoundRows | Capabilities.LongFlag | Capabilities.ConnectWithDatabase
        | Capabilities.IgnoreSpace | Capabilities.Protocol41 | Capabilities.Interactive | Capabilities.Transactions | Capabilities.SecureConnection
        | Capabilities.MultiResults | Capabilities.PreparedMultiResults | Capabilities.PluginAuth | Capabilities.LongAuthenticationData
        | Capabilities.SessionTrack | Capabilities.DeprecateEof;

    /// <summary>Those of ours alone, whatever the server has.</summary>
    private const Capabilities Ours = Capabilities.MySql | Capabilities.Protocol41 | Capabilities.SecureConnection | Capabilities.PluginAuth
        | Capabilities.LongAuthenticationData | Capabilities.ConnectAttributes | Capabilities.ConnectWithDatabase | Capabilities.MultiStatements;

    /// <summary>
    /// Never offered, and to whoever takes them for agreed the bytes of the session are others: compressed, without definitions, or nobody knows. What else is not
    /// offered (LOCAL_FILES, query attributes, several factors) drivers set whatever the server says; the server ignores that, and so do we.
    /// </summary>
    private const Capabilities NeverAgreed = Capabilities.Compress | Capabilities.ZstdCompress | Capabilities.OptionalMetadata | Capabilities.Extension;

    /// <summary>Reads the client's packets, and knows which number comes next.</summary>
    public MySqlPacketReader Packets { get; } = new(client.Input, 1);

    /// <summary>The client's answer to our greeting, a refusal, or neither when it left.</summary>
    /// <param name="target">What the target says of itself.</param>
    /// <param name="thread">The id that the client gets.</param>
    /// <param name="cancellationToken">Ends with the connection.</param>
    public async Task<(HandshakeResponse? Response, Refusal? Refusal)> RunAsync(Greeting target, uint thread, CancellationToken cancellationToken)
    {
        var tls = client.IsEncrypted ? Capabilities.None : Capabilities.Tls;
        var greeting = target with
        {
            ThreadId = thread,
            Scramble = NewScramble(),
            Capabilities = (target.Capabilities & Understood) | Ours | tls,
            Status = ServerStatus.AutoCommit,
            Plugin = MySqlSignIn.Plugin,
        };
        await client.Output.WriteAsync(greeting.Encode(), cancellationToken);
        if (await ReadAsync(cancellationToken) is not { } first) return (null, null);
        if (!first.IsTlsRequest) return client.IsEncrypted || acceptsPlaintext ? Checked(first) : (null, Refusals.TlsRequired.Because("the connection is in plaintext"));
        await client.UpgradeAsServerBehindRequestAsync(cancellationToken);
        var response = await ReadAsync(cancellationToken);
        return response is null ? (null, null)
            : response.IsTlsRequest ? (null, Refusals.ProtocolViolation.Because("TLS inside TLS"))
            : Checked(response);
    }

    /// <summary>Random, without zeros and dollar signs: to some drivers it is a string.</summary>
    public static byte[] NewScramble()
    {
        var scramble = RandomNumberGenerator.GetBytes(Greeting.ScrambleLength);
        for (var i = 0; i < scramble.Length; i++)
        {
            scramble[i] &= 0x7F;
            if (scramble[i] is 0 or (byte)'$') scramble[i]++;
        }

        return scramble;
    }

    /// <summary>Whether the driver can do what it must, and its texts can be read.</summary>
    public static (HandshakeResponse? Response, Refusal? Refusal) Checked(HandshakeResponse response) =>
        (response.Capabilities & (Capabilities.SecureConnection | Capabilities.PluginAuth)) != (Capabilities.SecureConnection | Capabilities.PluginAuth)
            ? (null, Refusals.ProtocolViolation.Because("the driver cannot authenticate by plugins"))
        : (response.Capabilities & NeverAgreed) is not Capabilities.None and var wrong
            ? (null, Refusals.ProtocolViolation.Because($"the driver uses what was not offered: capability 0x{(uint)wrong:x}"))
        : !MySqlCharacterSets.IsUtf8(response.Collation) && !MySqlCharacterSets.IsSingleByte(response.Collation) && response.Collation != 0
            ? (null, Refusals.EncodingNotAllowed.Because($"collation {response.Collation}: connect with utf8mb4"))
        : (response, null);

    private async Task<HandshakeResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await Packets.ReadAsync(limits.StartupBytesMax, cancellationToken) is not { } payload) return null;
        var isRead = HandshakeResponse.TryDecode(payload, out var response);
        // A driver that is set to send passwords in clear has one in it, and it is of no use.
        SecretBytes.Clear(payload);
        SecretBytes.Clear(response?.Authentication);
        return isRead ? response : throw new ProtocolViolationException("malformed handshake response");
    }
}
