using System.Globalization;
using System.Text;

namespace Proxy.Core.Journal.Heads;

/// <summary>
/// What a journal was at one moment, in few bytes: whoever keeps a head can tell later whether anything before it has changed. As text, in the
/// manner of a transparency log's checkpoint: the first lines name the journal, the number of its entries and the root of their tree.
/// </summary>
public sealed record JournalHead
{
    public required Guid JournalId { get; init; }

    /// <summary>Entries so far: leaves of the tree.</summary>
    public required long Size { get; init; }

    /// <summary>Root of the Merkle tree over them.</summary>
    public required byte[] Root { get; init; }

    /// <summary>Hash of the last entry.</summary>
    public required byte[] Chain { get; init; }

    /// <summary>Number of the last record that it covers; 0 when none.</summary>
    public required long LastRecord { get; init; }

    /// <summary>Where the last entry ends.</summary>
    public required long Segment { get; init; }
    public required long Offset { get; init; }

    /// <summary>SHA-256 of the signed head before this one; zeros in the first.</summary>
    public required byte[] Previous { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>The text that is signed.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"phigate/journal/{JournalId:D}\n{Size}\n{Convert.ToBase64String(Root)}\nchain {Convert.ToBase64String(Chain)}\nrecord {LastRecord}\n"
        + $"place {Segment} {Offset}\nafter {Convert.ToBase64String(Previous)}\ntime {Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'}\n");

    public byte[] SignedBytes => Encoding.UTF8.GetBytes(Text);

    /// <summary>Null when it is not the text of a head.</summary>
    public static JournalHead? Parse(ReadOnlySpan<string> lines)
    {
        const string Origin = "phigate/journal/";
        if (lines.Length != LineCount || !lines[0].StartsWith(Origin, StringComparison.Ordinal) || !Guid.TryParseExact(lines[0][Origin.Length..], "D", out Guid id))
            return null;
        string[] place = lines[5].Split(' ');
        byte[] root = new byte[MerkleTree.HashBytes], chain = new byte[MerkleTree.HashBytes], previous = new byte[MerkleTree.HashBytes];
        if (place.Length != 3 || place[0] != "place" || !IsNumber(lines[1], out long size) || !IsNumber(place[1], out long segment) || !IsNumber(place[2], out long offset)
            || !IsNumber(After("record ", lines[4]), out long record) || !IsHash(lines[2], root) || !IsHash(After("chain ", lines[3]), chain) || !IsHash(After("after ", lines[6]), previous)
            || !DateTimeOffset.TryParse(After("time ", lines[7]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return null;
        }
        return new JournalHead
        {
            JournalId = id,
            Size = size,
            Root = root,
            Chain = chain,
            LastRecord = record,
            Segment = segment,
            Offset = offset,
            Previous = previous,
            Time = time,
        };
    }

    public const int LineCount = 8;

    private static string After(string prefix, string line) => line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..] : "";

    private static bool IsNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool IsHash(string text, Span<byte> hash) => Convert.TryFromBase64String(text, hash, out int length) && length == hash.Length;
}
