using System.Text;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;

namespace Proxy.Tests.Protocols.Postgres;

/// <summary>What is taken for a token in OAUTHBEARER, and what for an attack. ^ stands for the separator.</summary>
public sealed class OAuthBearerTests
{
    [TestCase("n,,^auth=Bearer a.b.c^^", "a.b.c")]
    [TestCase("y,,^auth=bearer a.b.c^^", "a.b.c")]
    [TestCase("n,,^host=h^port=5432^auth=Bearer   a.b.c^^", "a.b.c")]
    [TestCase("n,,^auth=^^", "")]
    public void A_token_is_found(string response, string token) => Assert.That(TokenOf(response), Is.EqualTo(token));

    [TestCase("")]
    [TestCase("n,,")]
    [TestCase("n,,^^")]
    [TestCase("n,,^auth=Bearer a.b.c^")]
    [TestCase("n,,^auth=Bearer a.b.c")]
    [TestCase("n,,^auth=Basic abc^^")]
    [TestCase("n,,^auth=Bearer a^auth=Bearer b^^")]
    [TestCase("n,,^auth=Bearer a^^more")]
    [TestCase("n,a=admin,^auth=Bearer a^^")]
    [TestCase("p=tls-server-end-point,,^auth=Bearer a^^")]
    public void Anything_else_is_a_violation(string response) => Assert.That(() => TokenOf(response), Throws.TypeOf<ProtocolViolationException>());

    private static string TokenOf(string response) => Encoding.ASCII.GetString(OAuthBearer.TokenOf(Encoding.ASCII.GetBytes(response.Replace('^', '\u0001'))));
}
