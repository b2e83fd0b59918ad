using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>
/// Strings for names. The same few names occur in every statement of an application; each place of this table keeps the last name that fell
/// on it, so a known name costs no allocation and the table does not grow. One per reader, not thread-safe.
/// </summary>
internal sealed class NameTable
{
    private const int Places = 2048;

    /// <summary>PostgreSQL cuts identifiers at 63 bytes; what is longer is a value.</summary>
    private const int BytesMax = 63;

    private readonly byte[]?[] _bytes = new byte[]?[Places];
    private readonly string[] _strings = new string[Places];

    /// <summary>The string of a text entry.</summary>
    public string Get(ParseTree tree, int index, ReadOnlySpan<byte> json) =>
        tree[index].IsEscaped || tree[index].Length > BytesMax ? Decode(tree, index, json) : Intern(tree.Raw(index, json));

    /// <summary>The string of a text entry, made anew.</summary>
    public static string Decode(ParseTree tree, int index, ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> raw = tree.Raw(index, json);
        if (!tree[index].IsEscaped) return Encoding.UTF8.GetString(raw);
        int start = tree[index].Value - 1;
        var reader = new Utf8JsonReader(json.Slice(start, raw.Length + 2));
        reader.Read();
        return reader.GetString()!;
    }

    private string Intern(ReadOnlySpan<byte> name)
    {
        int place = (int)(XxHash3.HashToUInt64(name) % Places);
        if (_bytes[place] is { } known && name.SequenceEqual(known)) return _strings[place];
        _bytes[place] = name.ToArray();
        return _strings[place] = Encoding.UTF8.GetString(name);
    }
}
