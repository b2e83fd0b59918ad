using System.Buffers.Binary;
using System.Text;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Host.Evidence;

/// <summary>Messages to a PostgreSQL client, as a terminal shows them. Made for what PhiGate itself has sent, and stops where it does not understand.</summary>
internal static class WireTranscript
{
    private const string Indent = "            ";
    private const int HeaderBytes = 5;

    public static void Append(StringBuilder text, ReadOnlySpan<byte> messages)
    {
        while (messages.Length >= HeaderBytes)
        {
            var length = 1L + BinaryPrimitives.ReadUInt32BigEndian(messages[1..]);
            if (length < HeaderBytes || length > messages.Length)
            {
                text.Append(Indent).AppendLine($"({messages.Length} bytes of a message that is not kept whole)");
                return;
            }
            Append(text, messages[0], messages[HeaderBytes..(int)length]);
            messages = messages[(int)length..];
        }
    }

    private static void Append(StringBuilder text, byte type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case BackendCode.RowDescription:
                AppendNames(text, body);
                break;
            case BackendCode.DataRow:
                AppendRow(text, body);
                break;
            case BackendCode.CopyData:
                text.Append(Indent).AppendLine(Readable(body).TrimEnd('\n'));
                break;
            case BackendCode.CommandComplete:
                text.Append(Indent).AppendLine(Encoding.UTF8.GetString(body.TrimEnd((byte)0)));
                break;
            case BackendCode.ErrorResponse or BackendCode.NoticeResponse:
                text.Append(Indent).AppendLine($"{Field(body, 'V')} {Field(body, 'C')}: {Field(body, 'M')}");
                break;
            default:
                break;
        }
    }

    private static string Field(ReadOnlySpan<byte> body, char code)
    {
        while (!body.IsEmpty && body[0] != 0)
        {
            var end = body.IndexOf((byte)0);
            if (end < 0) break;
            if (body[0] == code) return Encoding.UTF8.GetString(body[1..end]);
            body = body[(end + 1)..];
        }
        return "";
    }

    private static void AppendNames(StringBuilder text, ReadOnlySpan<byte> body)
    {
        const int FixedBytes = 18;
        var count = BinaryPrimitives.ReadInt16BigEndian(body);
        body = body[sizeof(short)..];
        text.Append(Indent);
        for (var i = 0; i < count; i++)
        {
            var end = body.IndexOf((byte)0);
            text.Append(i == 0 ? "" : " | ").Append(Encoding.UTF8.GetString(body[..end]));
            body = body[(end + 1 + FixedBytes)..];
        }
        text.AppendLine();
    }

    private static void AppendRow(StringBuilder text, ReadOnlySpan<byte> body)
    {
        var count = BinaryPrimitives.ReadInt16BigEndian(body);
        body = body[sizeof(short)..];
        text.Append(Indent);
        for (var i = 0; i < count; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body);
            body = body[sizeof(int)..];
            text.Append(i == 0 ? "" : " | ").Append(length < 0 ? "NULL" : Readable(body[..length]));
            body = body[Math.Max(0, length)..];
        }
        text.AppendLine();
    }

    /// <summary>As text where it is text, else in hexadecimal: a column of binary format, or whatever could play with a terminal.</summary>
    private static string Readable(ReadOnlySpan<byte> value) =>
        System.Text.Unicode.Utf8.IsValid(value) && !value.ContainsAnyInRange((byte)0, (byte)8) && !value.Contains((byte)27)
            ? Encoding.UTF8.GetString(value)
            : "\\x" + Convert.ToHexStringLower(value);
}
