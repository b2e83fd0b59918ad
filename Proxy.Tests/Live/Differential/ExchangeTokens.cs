using System.Globalization;
using System.Text;

namespace Proxy.Tests.Live.Differential;

/// <summary>
/// The words of one line, from left to right: bare words; "text" with \n \t \\ \" \xHH and repeated by *N; x"hex digits"; null.
/// </summary>
public sealed class ExchangeTokens(string line)
{
    private int _position;

    public bool AtEnd
    {
        get
        {
            while (_position < line.Length && line[_position] == ' ')
                _position++;
            return _position == line.Length;
        }
    }

    /// <summary>The next bare word; "-" is the empty name, as for the unnamed statement.</summary>
    public string Name() => Word() is var word && word == "-" ? "" : word;

    public string Word()
    {
        if (AtEnd)
            throw new FormatException($"A word is missing at the end of: {line}");
        var end = line.IndexOf(' ', _position);
        var word = line[_position..(end < 0 ? line.Length : end)];
        _position += word.Length;
        return word;
    }

    /// <summary>Takes the given bare word if it comes next.</summary>
    public bool TryWord(string expected)
    {
        var before = _position;
        if (!AtEnd && Word() == expected)
            return true;
        _position = before;
        return false;
    }

    public int Number() => int.Parse(Word(), CultureInfo.InvariantCulture);

    public bool NextIsNumber => !AtEnd && char.IsAsciiDigit(line[_position]);

    public string Text() => Encoding.UTF8.GetString(Value() ?? throw new FormatException($"null is no text: {line}"));

    /// <summary>A value: text, bytes or null.</summary>
    public byte[]? Value()
    {
        if (TryWord("null"))
            return null;
        if (AtEnd)
            throw new FormatException($"A value is missing at the end of: {line}");
        var hexadecimal = line[_position] == 'x';
        if (hexadecimal)
            _position++;
        if (_position == line.Length || line[_position] != '"')
            throw new FormatException($"A value starts with a quotation mark, at {_position} of: {line}");
        var text = Quoted();
        var bytes = hexadecimal ? Convert.FromHexString(text.ToArray().Select(b => (char)b).Where(c => c != ' ').ToArray()) : text.ToArray();
        return Repeat(bytes);
    }

    private MemoryStream Quoted()
    {
        var bytes = new MemoryStream();
        for (_position++; line[_position] != '"'; _position++)
        {
            if (line[_position] != '\\')
            {
                var rune = Rune.GetRuneAt(line, _position);
                bytes.Write(Encoding.UTF8.GetBytes(rune.ToString()));
                _position += rune.Utf16SequenceLength - 1;
                continue;
            }
            _position++;
            bytes.WriteByte(line[_position] switch
            {
                'n' => (byte)'\n',
                't' => (byte)'\t',
                'x' => byte.Parse(line.AsSpan((_position += 2) - 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                '\\' or '"' => (byte)line[_position],
                _ => throw new FormatException($"Unknown escape at {_position} of: {line}"),
            });
        }
        _position++;
        return bytes;
    }

    private byte[] Repeat(byte[] bytes)
    {
        if (_position == line.Length || line[_position] != '*')
            return bytes;
        _position++;
        var count = Number();
        var repeated = new byte[bytes.Length * count];
        for (var i = 0; i < count; i++)
            bytes.CopyTo(repeated, i * bytes.Length);
        return repeated;
    }
}
