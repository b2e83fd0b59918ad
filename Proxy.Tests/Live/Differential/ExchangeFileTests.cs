using System.Text;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Differential;

public sealed class ExchangeFileTests
{
    [TestCase("Q \"a\\\"\\n\\x41ü\"", "a\"\nAü")]
    [TestCase("Q \"ab\"*3", "ababab")]
    [TestCase("Q x\"61 62\"", "ab")]
    public void Text_is_read_with_escapes_repetition_and_hexadecimal(string line, string expected) =>
        Assert.That(Single(line).Bytes, Is.EqualTo(PostgresRequests.Query(expected)));

    [Test]
    public void Bind_takes_values_and_formats() =>
        Assert.That(Single("B - s \"in\" null x\"00ff\" in 0 0 1 out 1").Bytes,
            Is.EqualTo(PostgresRequests.Bind("", "s", [Encoding.UTF8.GetBytes("in"), null, [0, 255]], [0, 0, 1], [1])));

    [Test]
    public void Types_to_receive_can_be_repeated() =>
        Assert.That(Single("< T D*3 C Z").Text, Is.EqualTo("TDDDCZ"));

    [Test]
    public void A_line_can_be_for_some_versions()
    {
        var exchange = ExchangeFile.Parse("file", ["== title", "until 13 S", "since 14 until 17 H", "c"]).Single();
        Assert.That(exchange.On(PostgresVersion.V15).Select(step => step.Line), Is.EqualTo((int[])[3, 4]));
    }

    [TestCase("Z")]
    [TestCase("Q")]
    [TestCase("S more")]
    [TestCase("D X name")]
    [TestCase("Q \"open")]
    public void A_mistake_is_reported_with_its_place(string line) =>
        Assert.That(() => Single(line), Throws.TypeOf<FormatException>().With.Message.StartsWith("file.txt:2: "));

    [Test]
    public void Every_exchange_has_a_title_of_its_own() =>
        Assert.That(ExchangeFile.All.Select(exchange => exchange.ToString()), Is.Unique);

    [Test]
    public void There_are_more_than_three_hundred_exchanges() =>
        Assert.That(ExchangeFile.All, Has.Count.GreaterThan(300));

    [Test]
    public void Few_exchanges_say_that_a_gateway_answers_otherwise() =>
        Assert.That(ExchangeFile.All.Where(exchange => exchange.Steps.Any(ExchangePlayer.IsByDesign)).Select(exchange => exchange.Title), Is.EquivalentTo((string[])
        [
            "client encoding changes",
            "a character that the client encoding lacks",
            "standard conforming strings off",
            "an invalid byte sequence",
            "a query inside copy in ends the session",
        ]));

    private static ExchangeStep Single(string line) =>
        ExchangeFile.Parse("file", ["== title", line]).Single().Steps.Single();
}
