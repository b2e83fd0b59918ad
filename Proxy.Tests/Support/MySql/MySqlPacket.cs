namespace Proxy.Tests.Support.MySql;

/// <summary>One packet of the protocol.</summary>
internal sealed record MySqlPacket(byte Sequence, byte[] Payload)
{
    public bool IsError => Payload is [0xFF, ..];

    public bool IsOk => Payload is [0x00, ..];

    public int ErrorNumber => Payload[1] | (Payload[2] << 8);

    public string SqlState => System.Text.Encoding.ASCII.GetString(Payload, 4, 5);

    public string Message => System.Text.Encoding.UTF8.GetString(Payload, 9, Payload.Length - 9);

    /// <summary>
    /// The same with the variables of a changed session state in order of their bytes: the server tells them in the order of a hash table of its own,
    /// which differs from connection to connection. Only the short form, as SET gives it.
    /// </summary>
    public MySqlPacket WithSortedState()
    {
        const int StateChanged = 0x40;
        if (Payload is not [0x00, < 251, < 251, _, var status, _, _, var info, ..] || (status & StateChanged) == 0 || info > 250 || 8 + info >= Payload.Length)
            return this;
        var start = 9 + info;
        var entries = new List<byte[]>();
        for (var at = start; at + 1 < Payload.Length && Payload[at + 1] < 251 && at + 2 + Payload[at + 1] <= Payload.Length; at += 2 + Payload[at + 1])
            entries.Add(Payload[at..(at + 2 + Payload[at + 1])]);
        return this with { Payload = [.. Payload[..start], .. entries.OrderBy(Convert.ToHexString, StringComparer.Ordinal).SelectMany(static entry => entry)] };
    }

    public bool Equals(MySqlPacket? other) => other is not null && Sequence == other.Sequence && Payload.AsSpan().SequenceEqual(other.Payload);

    public override int GetHashCode() => HashCode.Combine(Sequence, Payload.Length);

    public override string ToString() => $"{Sequence}:{Convert.ToHexString(Payload)[..Math.Min(400, 2 * Payload.Length)]}";
}
