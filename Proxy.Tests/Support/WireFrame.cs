using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Proxy.Tests.Support;

/// <summary>One message of the protocol after start-up: its type and its body without the length. Equal when the bytes are.</summary>
public sealed record WireFrame(char Type, byte[] Body)
{
    public const char ReadyForQuery = 'Z';
    public const char ErrorResponse = 'E';

    /// <summary>The whole message as it travels.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[5 + Body.Length];
        bytes[0] = (byte)Type;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), 4 + Body.Length);
        Body.CopyTo(bytes, 5);
        return bytes;
    }

    /// <summary>A field of an ErrorResponse or NoticeResponse, e.g. 'C' for the SQLSTATE; null when it is not there.</summary>
    public string? Field(char code)
    {
        var rest = Body.AsSpan();
        while (rest.Length > 1)
        {
            var end = rest.IndexOf((byte)0);
            if (end < 0)
                return null; // It is not made of fields.
            if (rest[0] == code)
                return Encoding.UTF8.GetString(rest[1..end]);
            rest = rest[(end + 1)..];
        }
        return null;
    }

    public bool Equals(WireFrame? other) => other is not null && Type == other.Type && Body.AsSpan().SequenceEqual(other.Body);

    public override int GetHashCode() => HashCode.Combine(Type, Body.Length);

    /// <summary>Readable in a failure message: printable bytes as they are, others in hexadecimal.</summary>
    public override string ToString()
    {
        const int shown = 400;
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Type}[{Body.Length}] ");
        foreach (var b in Body.AsSpan(0, Math.Min(shown, Body.Length)))
        {
            if (b is >= 0x20 and < 0x7f and not (byte)'\\')
                text.Append((char)b);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\{b:x2}");
        }
        return Body.Length > shown ? text.Append('…').ToString() : text.ToString();
    }
}
