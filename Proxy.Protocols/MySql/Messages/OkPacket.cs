namespace Proxy.Protocols.MySql.Messages;

/// <summary>
/// OK, with the header 0x00, or 0xFE where it ends rows (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html).
/// </summary>
internal readonly ref struct OkPacket
{
    public long AffectedRows { get; private init; }
    public long LastInsertId { get; private init; }
    public ServerStatus Status { get; private init; }

    /// <summary>Where the status lies in the payload.</summary>
    public int StatusOffset { get; private init; }
    public ushort Warnings { get; private init; }
    public ReadOnlySpan<byte> Info { get; private init; }

    /// <summary>What changed in the session, where both sides speak of that; see <see cref="SessionChanges"/>.</summary>
    public ReadOnlySpan<byte> Changes { get; private init; }

    public static bool TryDecode(ReadOnlySpan<byte> payload, bool tracksSession, out OkPacket packet)
    {
        var reader = new PayloadReader(payload);
        reader.Byte();
        var affected = reader.Integer();
        var inserted = reader.Integer();
        var statusOffset = reader.Position;
        var status = (ServerStatus)reader.UInt16();
        var warnings = reader.UInt16();
        ReadOnlySpan<byte> info = default;
        ReadOnlySpan<byte> changes = default;
        if (!tracksSession)
        {
            info = reader.Bytes(reader.Rest.Length);
        }
        else if (!reader.Rest.IsEmpty)
        {
            info = reader.Text();
            if (status.HasFlag(ServerStatus.StateChanged)) changes = reader.Text();
        }

        packet = new OkPacket
        {
            AffectedRows = affected,
            LastInsertId = inserted,
            Status = status,
            StatusOffset = statusOffset,
            Warnings = warnings,
            Info = info,
            Changes = changes,
        };
        return reader.IsAtEnd;
    }

    /// <summary>The same packet without warnings and info, and with this status.</summary>
    public byte[] WithoutInfo(byte first, byte sequence, ServerStatus status, bool tracksSession)
    {
        var writer = new PacketWriter().Begin(sequence).Byte(first).Integer(AffectedRows).Integer(LastInsertId).UInt16((int)status).UInt16(0);
        if (tracksSession && Status.HasFlag(ServerStatus.StateChanged)) writer.Text(default).Text(Changes);
        return writer.End().ToArray();
    }
}
