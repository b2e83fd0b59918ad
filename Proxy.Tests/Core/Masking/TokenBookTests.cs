using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Masking;

namespace Proxy.Tests.Core.Masking;

public sealed class TokenBookTests
{
    [Test]
    public void What_was_shown_lately_is_found_and_what_was_shown_first_is_forgotten()
    {
        using var book = new TokenBook();
        const int Shown = 40_000;
        for (var i = 0; i < Shown; i++)
            book.Remember(Token(i), Encoding.ASCII.GetBytes($"value {i}"));

        Assert.That(Enumerable.Range(Shown - 10_000, 10_000).Count(i => Find(book, i) == $"value {i}"), Is.GreaterThan(9_900));
        Assert.That(Find(book, 0), Is.Null);
    }

    [Test]
    public void Values_of_every_length_come_back_whole_also_after_the_book_has_grown()
    {
        using var book = new TokenBook();
        for (var i = 0; i <= TokenBook.ValueBytesMax; i++)
            book.Remember(Token(i), Encoding.ASCII.GetBytes(new string('x', i)));

        Assert.That(Enumerable.Range(0, TokenBook.ValueBytesMax + 1).Select(i => Find(book, i)?.Length), Is.EqualTo(Enumerable.Range(0, TokenBook.ValueBytesMax + 1)));
    }

    [Test]
    public void A_value_that_is_too_long_is_not_remembered()
    {
        using var book = new TokenBook();
        book.Remember(Token(1), new byte[TokenBook.ValueBytesMax + 1]);

        Assert.That(Find(book, 1), Is.Null);
    }

    private static byte[] Token(int number) =>
        Encoding.ASCII.GetBytes("pt_" + Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number)))[..20]);

    private static string? Find(TokenBook book, int number)
    {
        Span<byte> value = stackalloc byte[TokenBook.ValueBytesMax];
        return book.TryFind(Token(number), value, out var length) ? Encoding.ASCII.GetString(value[..length]) : null;
    }
}
