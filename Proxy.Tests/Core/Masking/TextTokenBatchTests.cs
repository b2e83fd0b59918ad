using System.Buffers.Binary;
using CsCheck;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;
using Proxy.Tests.Core.Masking.Postgres;

namespace Proxy.Tests.Core.Masking;

public sealed class TextTokenBatchTests
{
    /// <summary>A value's token must not depend on how many values came with it.</summary>
    [Test]
    public void Tokens_of_many_values_are_those_of_each_alone() =>
        Gen.Select(Gen.Byte.Array[0, 70].Null(0.1).Array[1, TextTokenBatch.CountMax], Gen.Int[0, 30]).Sample((values, width) =>
        {
            using var keys = new MaskingKeys(new byte[32]);
            using var book = new TokenBook();
            var mask = PostgresType.Mask(MaskKind.Pseudonym, PostgresTypeOid.Text, -1, isBinary: false, keys.Domain("patients")) with { Book = book, MaxLength = width };
            var fields = Make(mask, values, out var isMade);
            Assert.That(isMade);
            for (var i = 0; i < values.Length; i++)
                if (values[i] is { } value)
                    Assert.That(fields[i], Is.EqualTo(Field(MaskedValue.Of(mask with { Book = null }, value)!)), $"value {i}");
        });

    /// <summary>Of a column of one character: every letter is the token of some other one, and none may be its own.</summary>
    [Test]
    public void A_narrow_token_is_never_its_value()
    {
        using var keys = new MaskingKeys(new byte[32]);
        var mask = PostgresType.Mask(MaskKind.Pseudonym, PostgresTypeOid.Text, -1, isBinary: false, keys.Domain("patients")) with { MaxLength = 1 };
        foreach (var letters in "0123456789abcdefghjkmnpqrstvwxyz"u8.ToArray().Chunk(TextTokenBatch.CountMax))
        {
            var fields = Make(mask, [.. letters.Select(static letter => (byte[]?)[letter])], out _);
            Assert.That(fields.Where((field, i) => field[^1] == letters[i]), Is.Empty);
        }
    }

    [Test]
    public void A_token_that_was_made_with_others_leads_back_to_its_value()
    {
        using var keys = new MaskingKeys(new byte[32]);
        using var book = new TokenBook();
        var mask = PostgresType.Mask(MaskKind.Pseudonym, PostgresTypeOid.Text, -1, isBinary: false, keys.Domain("patients")) with { Book = book };
        var fields = Make(mask, ["Ada"u8.ToArray(), null, "Grace"u8.ToArray()], out _);
        var found = new byte[TokenBook.ValueBytesMax];
        Assert.That(book.TryFind(fields[2].AsSpan(sizeof(int)), found, out var length), Is.True);
        Assert.That(found[..length], Is.EqualTo("Grace"u8.ToArray()));
        Assert.That(book.TryFind(fields[1].AsSpan(sizeof(int)), found, out _), Is.False, "NULL has no token");
    }

    [Test]
    public void Without_keys_there_are_no_tokens()
    {
        var keys = new MaskingKeys(new byte[32]);
        var mask = PostgresType.Mask(MaskKind.Pseudonym, PostgresTypeOid.Text, -1, isBinary: false, keys.Domain("patients"));
        keys.Dispose();
        Make(mask, ["Ada"u8.ToArray()], out var isMade);
        Assert.That(isMade, Is.False);
    }

    private static byte[][] Make(in ColumnMask mask, byte[]?[] values, out bool isMade)
    {
        var memory = values.SelectMany(static value => value ?? []).ToArray();
        var ranges = new ValueRange[values.Length];
        var at = 0;
        for (var i = 0; i < values.Length; i++)
        {
            ranges[i] = new ValueRange(at, values[i]?.Length ?? -1);
            at += values[i]?.Length ?? 0;
        }

        var fields = new byte[values.Length * TextTokenBatch.StrideBytes];
        var length = TextTokenBatch.FieldBytes(mask);
        isMade = new TextTokenBatch().TryMake(mask, memory, ranges, fields);
        return [.. fields.Chunk(TextTokenBatch.StrideBytes).Select(field => field[..length])];
    }

    private static byte[] Field(byte[] token)
    {
        var field = new byte[sizeof(int) + token.Length];
        BinaryPrimitives.WriteInt32BigEndian(field, token.Length);
        token.CopyTo(field, sizeof(int));
        return field;
    }
}
