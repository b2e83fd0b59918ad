using System.Text;

namespace Proxy.Protocols.MySql.Messages;

/// <summary>
/// What an OK says has changed in the session
/// (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html#sect_protocol_basic_ok_packet_sessinfo).
/// </summary>
internal ref struct SessionChanges(ReadOnlySpan<byte> changes)
{
    private const byte SystemVariable = 0;
    private const byte Schema = 1;

    private PayloadReader _reader = new(changes);

    /// <summary>A system variable's name; "" for the default database.</summary>
    public string Name { get; private set; } = "";

    public string Value { get; private set; } = "";

    /// <summary>Every entry was read, and as the protocol has them.</summary>
    public readonly bool IsWellFormed => _reader.IsAtEnd;

    /// <summary>The next variable, or the default database. Other kinds (transaction state, GTIDs) are passed over.</summary>
    public bool MoveNext()
    {
        while (!_reader.Failed && !_reader.IsAtEnd)
        {
            var kind = _reader.Byte();
            var entry = new PayloadReader(_reader.Text());
            if (kind is not (SystemVariable or Schema)) continue;
            Name = kind is Schema ? "" : Encoding.UTF8.GetString(entry.Text());
            Value = Encoding.UTF8.GetString(entry.Text());
            if (!entry.IsAtEnd) _reader.Bytes(-1);
            else return true;
        }

        return false;
    }
}
