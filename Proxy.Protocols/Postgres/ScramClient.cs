using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Proxy.Protocols.Secrets;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// SCRAM-SHA-256 and SCRAM-SHA-256-PLUS towards the server (RFC 5802, RFC 7677; channel binding tls-server-end-point of RFC 5929). No I/O: each
/// step takes what the server said and gives what to answer. The user name stays empty: PostgreSQL takes it from the start-up packet.
/// </summary>
internal sealed class ScramClient
{
    public const string Mechanism = "SCRAM-SHA-256";
    public const string MechanismPlus = "SCRAM-SHA-256-PLUS";

    /// <summary>More would let a server keep us busy; PostgreSQL's default is 4,096.</summary>
    private const int IterationsMax = 1_000_000;

    private readonly byte[] _password;
    private readonly ScramKeyCache _cache;
    private readonly string _gs2Header;
    private readonly byte[] _channelBinding;
    private readonly string _clientFirstBare;
    private byte[] _serverSignature = [];

    /// <param name="password">UTF-8; must be in the form that SASLprep leaves (ASCII always is).</param>
    /// <param name="certificate">The server's certificate when the leg is TLS.</param>
    /// <param name="isPlusOffered">Whether the server offers channel binding.</param>
    /// <param name="nonce">At least 18 random bytes in base64.</param>
    /// <param name="cache">The target's: deriving a key takes a millisecond on purpose, and the salt stays the same.</param>
    public ScramClient(byte[] password, X509Certificate2? certificate, bool isPlusOffered, string nonce, ScramKeyCache cache)
    {
        _password = password;
        _cache = cache;
        IsPlus = isPlusOffered && certificate is not null;
        // "y" tells the server that we could have bound the channel: it can then notice that somebody took its offer away.
        _gs2Header = IsPlus ? "p=tls-server-end-point,," : certificate is null ? "n,," : "y,,";
        _channelBinding = IsPlus ? TlsServerEndPoint.HashOf(certificate!) : [];
        _clientFirstBare = $"n=,r={nonce}";
        ClientNonce = nonce;
    }

    public bool IsPlus { get; }

    private string ClientNonce { get; }

    public string ClientFirst => _gs2Header + _clientFirstBare;

    /// <exception cref="ProtocolViolationException">The server's message is not what SCRAM says.</exception>
    public string ClientFinal(string serverFirst)
    {
        var attributes = Attributes(serverFirst);
        if (!attributes.TryGetValue('r', out var nonce) || !nonce.StartsWith(ClientNonce, StringComparison.Ordinal) || nonce.Length == ClientNonce.Length)
            throw new ProtocolViolationException("SCRAM: the server's nonce does not continue ours");
        if (!attributes.TryGetValue('i', out var count) || !int.TryParse(count, out var iterations) || iterations is < 1 or > IterationsMax)
            throw new ProtocolViolationException("SCRAM: impossible iteration count");
        var salt = new byte[256];
        if (!attributes.TryGetValue('s', out var encoded) || !Convert.TryFromBase64String(encoded, salt, out var saltLength))
            throw new ProtocolViolationException("SCRAM: malformed salt");

        var keys = _cache.Get(_password, salt.AsSpan(0, saltLength), iterations);
        var binding = Convert.ToBase64String([.. Encoding.ASCII.GetBytes(_gs2Header), .. _channelBinding]);
        var withoutProof = $"c={binding},r={nonce}";
        var signed = Encoding.UTF8.GetBytes($"{_clientFirstBare},{serverFirst},{withoutProof}");
        var proof = HMACSHA256.HashData(SHA256.HashData(keys.ClientKey), signed);
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= keys.ClientKey[i];
        _serverSignature = HMACSHA256.HashData(keys.ServerKey, signed);
        SecretBytes.Clear(keys.ClientKey);
        SecretBytes.Clear(keys.ServerKey);
        return $"{withoutProof},p={Convert.ToBase64String(proof)}";
    }

    /// <summary>Whether the server proved that it knows the _password, too.</summary>
    public bool Verify(string serverFinal)
    {
        var signature = new byte[SHA256.HashSizeInBytes];
        return Attributes(serverFinal).TryGetValue('v', out var encoded)
            && Convert.TryFromBase64String(encoded, signature, out var length) && length == signature.Length
            && CryptographicOperations.FixedTimeEquals(signature, _serverSignature);
    }

    public override string ToString() => IsPlus ? MechanismPlus : Mechanism;

    private static Dictionary<char, string> Attributes(string message)
    {
        var attributes = new Dictionary<char, string>();
        foreach (var part in message.Split(','))
            if (part is [var name, '=', ..] && !attributes.TryAdd(name, part[2..]))
                throw new ProtocolViolationException("SCRAM: repeated attribute");
        return attributes;
    }
}
