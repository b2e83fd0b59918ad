using System.Net;
using CsCheck;
using NUnit.Framework;
using Proxy.Host.Transport.ProxyProtocol;

namespace Proxy.Tests.Host.Transport.ProxyProtocol;

/// <summary>The header of a load balancer, byte by byte.</summary>
public sealed class ProxyHeaderTests
{
    private static readonly IPEndPoint Proxy = new(IPAddress.Parse("10.0.0.1"), 40000);

    [Test]
    public void An_address_of_IPv4_is_read() =>
        Assert.That(Read(ProxyHeaderBytes.Tcp4("203.0.113.7", 51234)), Is.EqualTo(new IPEndPoint(IPAddress.Parse("203.0.113.7"), 51234)));

    [Test]
    public void An_address_of_IPv6_is_read() =>
        Assert.That(Read(ProxyHeaderBytes.Tcp6("2001:db8::7", 51234)), Is.EqualTo(new IPEndPoint(IPAddress.Parse("2001:db8::7"), 51234)));

    [Test]
    public void A_mapped_address_is_the_one_that_it_maps() =>
        Assert.That(Read(ProxyHeaderBytes.Tcp6("::ffff:203.0.113.7", 1))?.Address, Is.EqualTo(IPAddress.Parse("203.0.113.7")));

    [Test]
    public void Fields_behind_the_addresses_are_skipped() =>
        Assert.That(Read(ProxyHeaderBytes.Tcp4("203.0.113.7", 1, [0xEA, 0, 3, 1, 2, 3, 0xFF]))?.Address, Is.EqualTo(IPAddress.Parse("203.0.113.7")));

    [TestCase(0x00)]
    [TestCase(0x11)]
    [TestCase(0x31)]
    public void Local_speaks_for_the_proxy_itself_whatever_follows(byte family) =>
        Assert.That(Read(ProxyHeaderBytes.Of(0x20, family, [1, 2, 3])), Is.EqualTo(Proxy));

    [TestCase(0x21, 0x00, 0, TestName = "No_family")]
    [TestCase(0x21, 0x12, 12, TestName = "UDP_over_IPv4")]
    [TestCase(0x21, 0x22, 36, TestName = "UDP_over_IPv6")]
    [TestCase(0x21, 0x31, 216, TestName = "A_Unix_socket")]
    [TestCase(0x21, 0x41, 36, TestName = "A_family_that_does_not_exist")]
    [TestCase(0x21, 0x11, 11, TestName = "IPv4_too_short")]
    [TestCase(0x21, 0x21, 35, TestName = "IPv6_too_short")]
    [TestCase(0x22, 0x11, 12, TestName = "A_command_that_does_not_exist")]
    [TestCase(0x11, 0x11, 12, TestName = "Version_1_in_the_form_of_version_2")]
    [TestCase(0x31, 0x11, 12, TestName = "Version_3")]
    [TestCase(0x21, 0x11, 4097, TestName = "Longer_than_accepted")]
    [TestCase(0x20, 0x00, 65535, TestName = "Local_and_longer_than_accepted")]
    public void What_is_not_understood_is_refused(byte command, byte family, int length) =>
        Assert.That(Read(ProxyHeaderBytes.Of(command, family, new byte[length])), Is.Null);

    [Test]
    public void Any_changed_byte_of_the_signature_is_refused()
    {
        for (var i = 0; i < 12; i++)
        {
            var bytes = ProxyHeaderBytes.Tcp4("203.0.113.7", 1);
            bytes[i] ^= 1;
            Assert.That(Read(bytes), Is.Null, $"byte {i}");
        }
    }

    [Test]
    public void Random_bytes_are_refused_and_nothing_is_thrown() => Gen.Byte.Array[ProxyHeader.FixedBytes, 200].Sample(bytes => Read(bytes) is null);

    [Test]
    public void Random_rests_are_an_end_point_or_refused() =>
        Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte.Array[0, 300]).Sample((command, family, rest) =>
            Read(ProxyHeaderBytes.Of(command, family, rest)) is var read && (read is null || command is 0x20 or 0x21));

    private static IPEndPoint? Read(byte[] bytes) =>
        ProxyHeader.RestOf(bytes.AsSpan(0, ProxyHeader.FixedBytes)) is { } rest && bytes.Length >= ProxyHeader.FixedBytes + rest
            ? ProxyHeader.ClientOf(bytes.AsSpan(0, ProxyHeader.FixedBytes), bytes.AsSpan(ProxyHeader.FixedBytes, rest), Proxy)
            : null;
}
