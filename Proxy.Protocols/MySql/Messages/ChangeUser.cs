using System.Text;

namespace Proxy.Protocols.MySql.Messages;

/// <summary>
/// COM_CHANGE_USER: the connection is to be somebody else's
/// (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_change_user.html). The proof in it is of no use: a switch of plugin follows.
/// </summary>
internal sealed record ChangeUser(string User, string? Database, int Collation, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>Decodes what stands behind the command byte. What old clients leave out at the end may be missing.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> body, out ChangeUser? command)
    {
        var reader = new PayloadReader(body);
        var user = reader.Terminated();
        reader.Bytes(reader.Byte());
        var database = reader.Terminated();
        var collation = reader.IsAtEnd ? 0 : reader.UInt16();
        if (!reader.IsAtEnd) reader.Terminated();
        Dictionary<string, string> attributes = [];
        if (!reader.IsAtEnd && !HandshakeResponse.TryReadAttributes(reader.Text(), attributes)) reader.Bytes(-1);
        command = reader.IsAtEnd
            ? new ChangeUser(Encoding.UTF8.GetString(user), database.IsEmpty ? null : Encoding.UTF8.GetString(database), collation, attributes)
            : null;
        return command is not null;
    }

    public override string ToString() => nameof(ChangeUser);
}
