using System.Security.Cryptography;
using System.Text;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// SCRAM-SHA-256 and SCRAM-SHA-256-PLUS towards the client (RFC 5802, RFC 7677). No I/O: each step takes what the client said and gives what to
/// answer. The name inside is not looked at: PostgreSQL takes it from the start-up packet, and drivers send nothing or an asterisk.
/// </summary>
internal sealed class ScramServer
{
    public const string Mechanism = "SCRAM-SHA-256";
    public const string MechanismPlus = "SCRAM-SHA-256-PLUS";

    private readonly ScramVerifier _verifier;
    private readonly byte[]? _endPointHash;
    private readonly string _nonce;
    private string _gs2Header = "";
    private string _clientFirstBare = "";
    private string _serverFirst = "";
    private bool _isPlus;

    /// <param name="verifier">Of the password.</param>
    /// <param name="endPointHash">What the channel is bound to; null when binding was not offered.</param>
    /// <param name="nonce">At least 18 random bytes in base64.</param>
    public ScramServer(ScramVerifier verifier, byte[]? endPointHash, string nonce)
    {
        _verifier = verifier;
        _endPointHash = endPointHash;
        _nonce = nonce;
    }

    /// <summary>server-first-message.</summary>
    /// <exception cref="ProtocolViolationException">The client's message is not what SCRAM says, or somebody took our offer of channel binding away.</exception>
    public string Answer(string mechanism, string clientFirst)
    {
        _isPlus = mechanism == MechanismPlus;
        if (!_isPlus && mechanism != Mechanism || _isPlus && _endPointHash is null)
            throw new ProtocolViolationException("SCRAM: the mechanism was not offered");
        var bareStart = clientFirst.IndexOf(',', StringComparison.Ordinal) is >= 0 and var first ? clientFirst.IndexOf(',', first + 1) + 1 : 0;
        if (bareStart == 0) throw new ProtocolViolationException("SCRAM: malformed first message");
        _gs2Header = clientFirst[..bareStart];
        _clientFirstBare = clientFirst[bareStart..];
        CheckHeader();
        if (_clientFirstBare.Split(',') is not [['n', '=', ..], ['r', '=', _, ..], ..] parts)
            throw new ProtocolViolationException("SCRAM: malformed first message"); // m= would demand an extension, and there is none that we know.
        var clientNonce = parts[1][2..];
        if (clientNonce.Any(static character => character is < '!' or > '~'))
            throw new ProtocolViolationException("SCRAM: malformed nonce");
        return _serverFirst = $"r={clientNonce}{_nonce},s={Convert.ToBase64String(_verifier.Salt)},i={_verifier.Iterations}";
    }

    /// <summary>server-final-message; null when the client does not know the password or speaks over another channel.</summary>
    /// <exception cref="ProtocolViolationException">The client's message is not what SCRAM says.</exception>
    public string? Verify(string clientFinal)
    {
        var proofStart = clientFinal.LastIndexOf(",p=", StringComparison.Ordinal);
        if (proofStart < 0 || clientFinal.Split(',') is not [['c', '=', ..], ['r', '=', ..], ..] parts)
            throw new ProtocolViolationException("SCRAM: malformed final message");
        var proof = new byte[SHA256.HashSizeInBytes];
        if (!Convert.TryFromBase64String(clientFinal[(proofStart + 3)..], proof, out var length) || length != proof.Length)
            throw new ProtocolViolationException("SCRAM: malformed proof");

        var binding = Convert.ToBase64String([.. Encoding.UTF8.GetBytes(_gs2Header), .. _isPlus ? _endPointHash! : []]);
        // Three comparisons whatever the first one says; each in constant time.
        var isBound = IsEqual(parts[0][2..], binding);
        var isOurs = IsEqual(parts[1], _serverFirst[.._serverFirst.IndexOf(',', StringComparison.Ordinal)]);
        var signed = Encoding.UTF8.GetBytes($"{_clientFirstBare},{_serverFirst},{clientFinal[..proofStart]}");
        var signature = HMACSHA256.HashData(_verifier.StoredKey, signed);
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= signature[i];
        var isProven = CryptographicOperations.FixedTimeEquals(SHA256.HashData(proof), _verifier.StoredKey);
        return isBound & isOurs & isProven ? $"v={Convert.ToBase64String(HMACSHA256.HashData(_verifier.ServerKey, signed))}" : null;
    }

    public override string ToString() => _isPlus ? MechanismPlus : Mechanism;

    private void CheckHeader()
    {
        var isExpected = _gs2Header switch
        {
            $"p={TlsServerEndPoint.Name},," => _isPlus,
            "n,," => !_isPlus,
            // The client can bind the channel and believes that we cannot: we offered it, so somebody in between took the offer away.
            "y,," => !_isPlus && _endPointHash is null,
            _ => false,
        };
        if (!isExpected) throw new ProtocolViolationException("SCRAM: channel binding does not fit what was offered");
    }

    private static bool IsEqual(string sent, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(expected));
}
