using System.Security.Cryptography;
using System.Text;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>The server's half of SCRAM-SHA-256 (RFC 5802), written from the RFC: it accepts only a right proof.</summary>
internal sealed class ScramServer(string password, byte[] channelBinding)
{
    private const int Iterations = 4_096;
    private static readonly byte[] Salt = "salt of the test"u8.ToArray();
    private string _clientFirstBare = "";
    private string _serverFirst = "";
    private string _gs2Header = "";

    public string First(string clientFirst)
    {
        var bare = clientFirst.IndexOf("n=,", clientFirst.StartsWith("n,", StringComparison.Ordinal) ? 2 : 0, StringComparison.Ordinal);
        _gs2Header = clientFirst[..bare];
        _clientFirstBare = clientFirst[bare..];
        var nonce = _clientFirstBare["n=,r=".Length..];
        return _serverFirst = $"r={nonce}server,s={Convert.ToBase64String(Salt)},i={Iterations}";
    }

    public string Final(string clientFinal)
    {
        var withoutProof = clientFinal[..clientFinal.LastIndexOf(",p=", StringComparison.Ordinal)];
        var expectedBinding = Convert.ToBase64String([.. Encoding.ASCII.GetBytes(_gs2Header), .. channelBinding]);
        if (!withoutProof.StartsWith($"c={expectedBinding},", StringComparison.Ordinal)) throw new InvalidDataException("wrong channel binding");
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), Salt, Iterations, HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var message = Encoding.UTF8.GetBytes($"{_clientFirstBare},{_serverFirst},{withoutProof}");
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), message);
        var proof = Convert.FromBase64String(clientFinal[(withoutProof.Length + ",p=".Length)..]);
        if (!proof.Zip(signature, (a, b) => (byte)(a ^ b)).SequenceEqual(clientKey)) throw new InvalidDataException("wrong proof");
        return $"v={Convert.ToBase64String(HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), message))}";
    }
}
