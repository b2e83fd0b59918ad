using NUnit.Framework;
using Proxy.Host.Identity;

namespace Proxy.Tests.Host.Identity;

public sealed class SecretTextTests
{
    [Test]
    public void A_text_of_our_own_is_overwritten_where_it_is()
    {
        var text = new string('s', 40);
        SecretText.Clear(text);
        Assert.That(text, Is.EqualTo(new string('\0', 40)));
    }

    [TestCase("")]
    [TestCase("x")]
    public void What_may_be_the_runtimes_own_is_left_alone(string text)
    {
        SecretText.Clear(text);
        Assert.That(text, Is.EqualTo(text.Length == 0 ? string.Empty : "x"));
    }
}
