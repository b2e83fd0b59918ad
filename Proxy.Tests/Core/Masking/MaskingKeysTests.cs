using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Tests.Core.Masking.Postgres;

namespace Proxy.Tests.Core.Masking;

public sealed class MaskingKeysTests
{
    private static readonly byte[] Master = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Test]
    public void A_token_is_recognised_by_the_keys_that_made_it_whatever_its_domain([Values("patients", "claims")] string domain)
    {
        using var keys = new MaskingKeys(Master);
        var token = Token(keys.Domain(domain), "Smith");
        Assert.That(token, Has.Length.EqualTo(23).And.StartsWith("pt_"));
        Assert.That(keys.IsToken(token), Is.True);
    }

    [TestCase(22)]
    [TestCase(18)]
    [TestCase(15)]
    public void A_token_in_a_narrow_column_is_recognised(int maxLength)
    {
        using var keys = new MaskingKeys(Master);
        var token = Token(keys.Domain("patients"), "Smith", maxLength);
        Assert.That(token, Has.Length.EqualTo(maxLength));
        Assert.That(keys.IsToken(token), Is.True);
    }

    [Test]
    public void A_column_too_narrow_for_a_token_gets_what_fits_and_never_the_value([Values(1, 2, 14)] int maxLength)
    {
        using var keys = new MaskingKeys(Master);
        foreach (var character in "0123456789abcdefghjkmnpqrstvwxyz")
        {
            var value = new string(character, maxLength);
            Assert.That(Token(keys.Domain("patients"), value, maxLength), Has.Length.EqualTo(maxLength).And.Not.EqualTo(value));
        }
    }

    [Test]
    public void Other_keys_do_not_recognise_a_token()
    {
        using var keys = new MaskingKeys(Master);
        using var others = new MaskingKeys(new byte[32]);
        Assert.That(others.IsToken(Token(keys.Domain("patients"), "Smith")), Is.False);
    }

    [Test]
    public void A_token_with_one_character_changed_is_not_recognised()
    {
        using var keys = new MaskingKeys(Master);
        var token = Token(keys.Domain("patients"), "Smith");
        for (var i = 0; i < token.Length; i++)
            Assert.That(keys.IsToken(token[..i] + (token[i] == '0' ? '1' : '0') + token[(i + 1)..]), Is.False, $"character {i}");
    }

    [TestCase("")]
    [TestCase("pt_")]
    [TestCase("pt_ordinary_text_here")]
    [TestCase("Smith")]
    [TestCase("pt_ääääääääääääääääääää")]
    public void Other_text_is_not_a_token(string text)
    {
        using var keys = new MaskingKeys(Master);
        Assert.That(keys.IsToken(text), Is.False);
    }

    [Test]
    public void Domains_and_master_keys_each_give_other_tokens()
    {
        using var keys = new MaskingKeys(Master);
        using var others = new MaskingKeys(new byte[32]);
        string[] tokens =
        [
            Token(keys.Domain("patients"), "Smith"), Token(keys.Domain("claims"), "Smith"), Token(others.Domain("patients"), "Smith"),
        ];
        Assert.That(tokens, Is.Unique);
    }

    [Test]
    public void The_same_keys_give_the_same_tokens_in_every_process()
    {
        // Fixed for ever: pseudonyms that people have noted down must keep their meaning.
        using var keys = new MaskingKeys(Master);
        Assert.That(Token(keys.Domain("patients"), "Smith"), Is.EqualTo("pt_x1gmvnr4afja6zv26agf"));
    }

    [Test]
    public void A_pseudonym_whose_key_is_gone_is_a_redaction()
    {
        var keys = new MaskingKeys(Master);
        var domain = keys.Domain("patients");
        keys.Dispose();
        Assert.That(Token(domain, "Smith"), Is.EqualTo("****"));
    }

    [Test]
    public void A_short_master_key_is_refused() =>
        Assert.That(() => new MaskingKeys(new byte[31]), Throws.ArgumentException);

    [Test]
    public void Keys_do_not_print()
    {
        using var keys = new MaskingKeys(Master);
        Assert.That((keys.ToString(), keys.Domain("patients").ToString()), Is.EqualTo(("MaskingKeys", "patients")));
    }

    private static string Token(KeyDomain domain, string value, int maxLength = 0) =>
        MaskedValue.Of(new ColumnMask { Kind = MaskKind.Pseudonym, Type = MaskType.Text, MaxLength = maxLength, Domain = domain }, value)!;
}
