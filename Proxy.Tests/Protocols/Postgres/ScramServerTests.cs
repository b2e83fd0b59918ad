using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;
using Proxy.Tests.Support;

namespace Proxy.Tests.Protocols.Postgres;

/// <summary>SCRAM towards clients: with our own client, with the example of RFC 7677, and with clients that lie.</summary>
public sealed class ScramServerTests
{
    private const string Password = "a-password-of-160-bits";
    private static readonly X509Certificate2 Certificate = TestCertificates.Shared.Server;
    private static readonly byte[] Hash = TlsServerEndPoint.HashOf(Certificate);
    private static readonly ScramVerifier Verifier = ScramVerifier.Of(Encoding.ASCII.GetBytes(Password), RandomNumberGenerator.GetBytes(16));

    private static ScramClient Client(string password = Password, X509Certificate2? certificate = null, bool isPlusOffered = true) =>
        new(Encoding.ASCII.GetBytes(password), certificate, isPlusOffered, "client-nonce-of-some-length", new ScramKeyCache());

    private static ScramServer Server(byte[]? endPointHash = null) => new(Verifier, endPointHash, "server-nonce");

    [Test]
    public void A_client_that_knows_the_password_is_believed_and_believes()
    {
        var (client, server) = (Client(certificate: Certificate), Server(Hash));

        var final = server.Verify(client.ClientFinal(server.Answer(client.ToString(), client.ClientFirst)));

        Assert.That(client.IsPlus);
        Assert.That(final, Is.Not.Null);
        Assert.That(client.Verify(final!));
    }

    [Test]
    public void Without_tls_there_is_no_binding()
    {
        var (client, server) = (Client(), Server());

        Assert.That(server.Verify(client.ClientFinal(server.Answer(client.ToString(), client.ClientFirst))), Is.Not.Null);
    }

    [Test]
    public void Another_password_is_not_believed()
    {
        var (client, server) = (Client("another"), Server());

        Assert.That(server.Verify(client.ClientFinal(server.Answer(client.ToString(), client.ClientFirst))), Is.Null);
    }

    [Test]
    public void A_proof_over_another_channel_is_not_believed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = new CertificateRequest("CN=man-in-the-middle", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var (client, server) = (Client(certificate: other), Server(Hash));

        Assert.That(server.Verify(client.ClientFinal(server.Answer(client.ToString(), client.ClientFirst))), Is.Null);
    }

    [Test]
    public void An_offer_that_somebody_took_away_is_noticed()
    {
        var client = Client(certificate: Certificate, isPlusOffered: false);

        Assert.That(() => Server(Hash).Answer(client.ToString(), client.ClientFirst), Throws.TypeOf<ProtocolViolationException>());
    }

    [TestCase("SCRAM-SHA-1", "n,,n=,r=abc")]
    [TestCase("SCRAM-SHA-256-PLUS", "n,,n=,r=abc")]
    [TestCase("SCRAM-SHA-256", "p=tls-server-end-point,,n=,r=abc")]
    [TestCase("SCRAM-SHA-256", "n,a=admin,n=,r=abc")]
    [TestCase("SCRAM-SHA-256", "n,,m=ext,n=,r=abc")]
    [TestCase("SCRAM-SHA-256", "n,,n=,r=")]
    [TestCase("SCRAM-SHA-256", "n,,r=abc")]
    [TestCase("SCRAM-SHA-256", "n,,n=,r=a\0c")]
    [TestCase("SCRAM-SHA-256", "")]
    [TestCase("SCRAM-SHA-256", "n")]
    public void A_malformed_first_message_is_a_violation(string mechanism, string first) =>
        Assert.That(() => Server().Answer(mechanism, first), Throws.TypeOf<ProtocolViolationException>());

    [TestCase("")]
    [TestCase("c=biws,r=abcserver-nonce")]
    [TestCase("c=biws,r=abcserver-nonce,p=AAAA")]
    [TestCase("c=biws,r=abcserver-nonce,p=not base64")]
    [TestCase("r=abcserver-nonce,c=biws,p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void A_malformed_final_message_is_a_violation(string final)
    {
        var server = Server();
        server.Answer(ScramServer.Mechanism, "n,,n=,r=abc");

        Assert.That(() => server.Verify(final), Throws.TypeOf<ProtocolViolationException>());
    }

    [TestCase("c=biws,r=abc", TestName = "A proof over the client's nonce alone is not believed")]
    [TestCase("c=eSws,r=abcserver-nonce", TestName = "A proof over another header is not believed")]
    public void A_proof_over_other_words_is_not_believed(string withoutProof)
    {
        var server = Server();
        var first = server.Answer(ScramServer.Mechanism, "n,,n=,r=abc");
        var keys = new ScramKeyCache().Get(Encoding.ASCII.GetBytes(Password), Verifier.Salt, Verifier.Iterations);
        var proof = HMACSHA256.HashData(SHA256.HashData(keys.ClientKey), Encoding.ASCII.GetBytes($"n=,r=abc,{first},{withoutProof}"));
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= keys.ClientKey[i];

        Assert.That(server.Verify($"{withoutProof},p={Convert.ToBase64String(proof)}"), Is.Null);
    }

    [Test]
    public void The_verifier_is_that_of_postgresql()
    {
        // The example of RFC 7677 §3: user "user", password "pencil".
        var verifier = ScramVerifier.Of("pencil"u8, Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="));
        var server = new ScramServer(verifier, null, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");

        var first = server.Answer(ScramServer.Mechanism, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        var final = server.Verify("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");

        Assert.That(first, Is.EqualTo("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
        Assert.That(final, Is.EqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    }
}
