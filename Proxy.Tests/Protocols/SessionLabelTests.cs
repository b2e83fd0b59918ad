using System.Text;
using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Protocols;

namespace Proxy.Tests.Protocols;

public sealed class SessionLabelTests
{
    private static readonly Guid Id = new("01890a5d-ac96-774b-bcce-b302099a8057");

    [TestCase("claude", "kim@example.com", "01890a5dac96774bbcceb302099a8057 claude kim@example.com")]
    [TestCase("claude", null, "01890a5dac96774bbcceb302099a8057 claude -")]
    [TestCase("an-agent-with-a-very-long-name", "kim", "01890a5dac96774bbcceb302099a8057 an-agent-with-a-very-long- kim")]
    [TestCase("a", "somebody.with.a.very.long.name@example.com", "01890a5dac96774bbcceb302099a8057 a somebody.with.a.very.long.na")]
    [TestCase("an-agent-with-a-very-long-name", "somebody.with.a.very.long.name@example.com", "01890a5dac96774bbcceb302099a8057 an-agent-with- somebody.with.a")]
    [TestCase("a b\n2026 FATAL: forged", "% 'x'\0é", "01890a5dac96774bbcceb302099a8057 a_b_2026_FATAL:_forged ___x___")]
    public void The_label_is_harmless_and_fits_whatever_the_names_are(string agent, string? human, string label)
    {
        var text = SessionLabel.Text(Id, Of(agent, human));
        Assert.That(text, Is.EqualTo(label));
        Assert.That(Encoding.UTF8.GetByteCount(text), Is.LessThanOrEqualTo(SessionLabel.TextBytesMax));
    }

    [Test]
    public void Without_an_agent_of_its_own_the_subject_acts() =>
        Assert.That(SessionLabel.Text(Id, Of(null, null)), Is.EqualTo("01890a5dac96774bbcceb302099a8057 subject -"));

    [Test]
    public void Attributes_hold_each_name_in_255_bytes()
    {
        var attributes = SessionLabel.Attributes(Id, Of(new string('x', 400), "kim")).ToDictionary();
        Assert.That((attributes["phigate_session"], attributes["phigate_agent"], attributes["phigate_human"]),
            Is.EqualTo(("01890a5dac96774bbcceb302099a8057", new string('x', 255), "kim")));
    }

    private static Principal Of(string? agent, string? human) =>
        new() { Issuer = "https://issuer.test", Subject = "subject", Agent = agent, Human = human, ExpiresAt = DateTimeOffset.MaxValue };
}
