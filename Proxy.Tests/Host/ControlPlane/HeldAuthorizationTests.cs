using System.Text;
using NUnit.Framework;
using Proxy.Host.ControlPlane;

namespace Proxy.Tests.Host.ControlPlane;

/// <summary>The header with the token, on its way past the texts that Kestrel makes of headers.</summary>
public sealed class HeldAuthorizationTests
{
    [SetUp]
    public void Connect() => HeldAuthorization.Current = new HeldAuthorization();

    [TestCase("Bearer abc.def.ghi", "abc.def.ghi")]
    [TestCase("bearer abc", "abc")]
    [TestCase("BEARER   abc  ", "abc")]
    [TestCase("Bearer ", "")]
    [TestCase("Bearer", null)]
    [TestCase("Basic YTpi", null)]
    [TestCase("Bearerabc", null)]
    public void The_token_is_what_stands_behind_the_scheme(string header, string? token)
    {
        Parse(header);
        Assert.That(Taken(), Is.EqualTo(token));
    }

    [Test]
    public void The_text_of_the_header_says_nothing_of_it() => Assert.That(Parse("Bearer abc.def.ghi"), Is.EqualTo("(held)"));

    [Test]
    public void It_can_be_taken_once()
    {
        Parse("Bearer abc");
        Assert.That((Taken(), Taken()), Is.EqualTo(("abc", (string?)null)));
    }

    [Test]
    public void Of_two_headers_none_is_believed()
    {
        Parse("Bearer abc");
        Parse("Bearer def");
        Assert.That((Taken(headers: 2), Taken()), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public void What_a_trailer_of_the_request_before_has_left_is_not_the_next_ones()
    {
        Parse("Bearer of-the-trailer");
        Assert.That(Taken(headers: 0), Is.Null);
        Parse("Bearer of-the-trailer");
        Parse("Bearer its-own");
        Assert.That(Taken(headers: 1), Is.EqualTo("its-own"));
    }

    [Test]
    public void Behind_a_request_with_two_the_next_one_has_its_own()
    {
        Parse("Bearer abc");
        Parse("Bearer def");
        HeldAuthorization.Current!.Clear();
        Parse("Bearer ghi");
        Assert.That(Taken(), Is.EqualTo("ghi"));
    }

    [Test]
    public void What_is_no_UTF8_and_what_belongs_to_no_connection_is_a_malformed_header()
    {
        var encoding = HeldAuthorizationEncoding.For("authorization")!;
        Assert.That(() => encoding.GetString([0xC3, 0x28]), Throws.InstanceOf<DecoderFallbackException>());
        HeldAuthorization.Current = null;
        Assert.That(() => Parse("Bearer abc"), Throws.InstanceOf<DecoderFallbackException>());
    }

    [Test]
    public void Other_headers_are_texts_as_ever() => Assert.That(HeldAuthorizationEncoding.For("Content-Type"), Is.Null);

    private static string Parse(string header) => HeldAuthorizationEncoding.For("Authorization")!.GetString((ReadOnlySpan<byte>)Encoding.UTF8.GetBytes(header));

    private static string? Taken(int headers = 1) => HeldAuthorization.Current!.TakeBearer(headers) is { } token ? Encoding.UTF8.GetString(token) : null;
}
