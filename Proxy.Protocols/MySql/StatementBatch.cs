using Proxy.Core.Sql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// A text of several statements (CLIENT_MULTI_STATEMENTS), cut where our reader ends each. The server is never told that they belong together: it gets one
/// after the other, each when the one before has succeeded, so that each is judged by what those before it have done. Owned by the request relay.
/// </summary>
internal sealed class StatementBatch
{
    private readonly byte[][] _packets;
    private int _next;

    private StatementBatch(byte[][] packets) => _packets = packets;

    public bool IsAtEnd => _next == _packets.Length;

    /// <summary>Null when the text is one statement, or none.</summary>
    /// <param name="text">Shorter than a packet can be.</param>
    /// <param name="analysis">Of the text.</param>
    public static StatementBatch? Of(ReadOnlySpan<byte> text, StatementAnalysis analysis)
    {
        var statements = analysis.Status is AnalysisStatus.Read ? analysis.Statements : analysis.BeforeFault;
        // What the reader could not read is the last of them: the server will say what is wrong with it.
        var hasFault = analysis.Status is AnalysisStatus.SyntaxError && !statements.IsEmpty;
        if (statements.Length + (hasFault ? 1 : 0) < 2) return null;
        var packets = new byte[statements.Length + (hasFault ? 1 : 0)][];
        for (var i = 0; i < statements.Length; i++)
            packets[i] = Packet(text.Slice(statements[i].Start, statements[i].Length));
        if (hasFault) packets[^1] = Packet(text[analysis.FaultStart..]);
        return new StatementBatch(packets);
    }

    /// <summary>The statement whose turn it is.</summary>
    /// <param name="lastSequence">The number of the packet that the client has got last.</param>
    public RequestFrame Current(byte lastSequence) => RequestFrame.Part(_packets[_next], lastSequence, isFollowed: _next < _packets.Length - 1);

    public void MoveNext() => _packets[_next++] = [];

    private static byte[] Packet(ReadOnlySpan<byte> statement) => new PacketWriter().Begin(0).Byte(CommandCode.Query).Bytes(statement).End().ToArray();

    public override string ToString() => $"{_packets.Length} statements, {_next} taken";
}
