using System.Text;
using Proxy.Core.Policy;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>What was agreed on when the session began and does not change.</summary>
internal sealed record MySqlSessionFacts
{
    private const byte VarString = 253;

    public required Capabilities Capabilities { get; init; }

    public required Principal Principal { get; init; }

    public required string Target { get; init; }

    /// <summary>The server's name of the database.</summary>
    public required string Database { get; init; }

    /// <summary>What the client called it when it signed in.</summary>
    public required string RequestedDatabase { get; init; }

    /// <summary>The statement that sets what the rules impose and what texts are read by; see <see cref="SessionSetup"/>.</summary>
    public required byte[] SetupText { get; init; }

    /// <summary>Whether texts of several statements are taken, until COM_SET_OPTION says otherwise.</summary>
    public bool TakesSeveralStatements { get; init; }

    /// <summary>Whether the rules leave that to the client.</summary>
    public bool MayTakeSeveralStatements { get; init; } = true;

    /// <summary>Whether the session's sql_mode has members that change how a text is read.</summary>
    public bool HasReadingModes { get; init; }

    /// <summary>False where the character set is one byte a character: then a text of ASCII is the only one that can be read.</summary>
    public required bool IsUtf8 { get; init; }

    public required ThreadNumbers Threads { get; init; }

    /// <summary>Results end with an OK and not with an EOF, and no EOF stands behind definitions.</summary>
    public bool DeprecatesEof => Capabilities.HasFlag(Capabilities.DeprecateEof);

    public bool TracksSession => Capabilities.HasFlag(Capabilities.SessionTrack);

    public bool CanRead(ReadOnlySpan<byte> text) => IsUtf8 || Ascii.IsValid(text);

    public bool IsDatabase(ReadOnlySpan<byte> name) =>
        name.SequenceEqual(Encoding.UTF8.GetBytes(Database)) || name.SequenceEqual(Encoding.UTF8.GetBytes(RequestedDatabase));

    /// <summary>The packet that ends rows, or answers COM_SET_OPTION.</summary>
    public byte[] EndOfResult(byte sequence, ServerStatus status) => WriteEnd(new PacketWriter(), sequence, status, isFollowed: false).ToArray();

    /// <summary>The answer to SHOW WARNINGS when there are none.</summary>
    public byte[] NoWarnings(byte sequence, ServerStatus status, bool isFollowed)
    {
        var writer = new PacketWriter().Begin(sequence++).Integer(3).End();
        foreach (var name in (ReadOnlySpan<string>)["Level", "Code", "Message"])
            writer.Begin(sequence++).Text("def"u8).Text(default).Text(default).Text(default).Text(Encoding.ASCII.GetBytes(name)).Text(default)
                .Integer(12).UInt16(MySqlCharacterSets.Default).UInt32(ErrorPacket.MessageBytesMax).Byte(VarString).UInt16(0).Byte(0).UInt16(0).End();
        if (!DeprecatesEof) WriteEnd(writer, sequence++, status, isFollowed);
        return WriteEnd(writer, sequence, status, isFollowed).ToArray();
    }

    private PacketWriter WriteEnd(PacketWriter writer, byte sequence, ServerStatus status, bool isFollowed)
    {
        var more = isFollowed ? ServerStatus.MoreResults : ServerStatus.None;
        var plain = (int)(more | status & ~(ServerStatus.MoreResults | ServerStatus.CursorExists | ServerStatus.LastRowSent | ServerStatus.StateChanged | ServerStatus.OutParameters));
        return DeprecatesEof
            ? writer.Begin(sequence).Byte(ReplyCode.Eof).Integer(0).Integer(0).UInt16(plain).UInt16(0).End()
            : writer.Begin(sequence).Byte(ReplyCode.Eof).UInt16(0).UInt16(plain).End();
    }

    public override string ToString() => $"session on {Target}/{Database}";
}
