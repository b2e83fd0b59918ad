using NUnit.Framework;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Identity.Credentials;

namespace Proxy.Tests.Host.Identity.Credentials;

/// <summary>Where a credential says that it is good.</summary>
public sealed class PublicAddressesTests
{
    private static readonly ListenerTlsOptions Tls = new() { CertificateFile = "server.crt", KeyFile = "server.key" };

    [Test]
    public void For_PostgreSQL_it_is_the_credentials_own_unless_the_listener_has_another()
    {
        Assert.That(Of("hospital", WireProtocol.PostgreSql, Listener(WireProtocol.PostgreSql)), Is.EqualTo("gateway.test:6432"));
        Assert.That(Of("hospital", WireProtocol.PostgreSql, Listener(WireProtocol.PostgreSql) with { PublicAddress = new("other.test", 7) }), Is.EqualTo("other.test:7"));
    }

    [Test]
    public void For_MySQL_it_is_that_host_and_the_port_of_the_targets_listener()
    {
        var listeners = new[] { Listener(WireProtocol.PostgreSql), Listener(WireProtocol.MySql, "archive", 3307), Listener(WireProtocol.MySql, "clinic", 3306) };

        Assert.That(Of("clinic", WireProtocol.MySql, listeners), Is.EqualTo("gateway.test:3306"));
        Assert.That(Of("archive", WireProtocol.MySql, listeners), Is.EqualTo("gateway.test:3307"));
    }

    [Test]
    public void The_targets_own_listener_comes_before_one_for_all() =>
        Assert.That(
            Of("hospital", WireProtocol.PostgreSql, Listener(WireProtocol.PostgreSql), Listener(WireProtocol.PostgreSql, "hospital") with { PublicAddress = new("own.test", 7) }),
            Is.EqualTo("own.test:7"));

    [Test]
    public void A_listener_of_another_target_or_protocol_or_without_TLS_leads_nowhere() =>
        Assert.That(
            Of("clinic", WireProtocol.MySql, Listener(WireProtocol.MySql, "archive"), Listener(WireProtocol.PostgreSql), Listener(WireProtocol.MySql, "clinic") with { Tls = null }),
            Is.Null);

    private static string? Of(string target, WireProtocol protocol, params ListenerOptions[] listeners)
    {
        var desk = new CredentialDeskOptions { Address = new("127.0.0.1", 8443), Tls = Tls, PublicAddress = new("gateway.test", 6432) };
        return new PublicAddresses(desk, listeners).Of(target, protocol)?.ToString();
    }

    private static ListenerOptions Listener(WireProtocol protocol, string? target = null, int port = 1) =>
        new() { Name = "one", Protocol = protocol, Address = new("0.0.0.0", port), Target = target, Tls = Tls };
}
