namespace Proxy.Core.Journal.Reading;

/// <summary>A place in a segment where a record should be and is not.</summary>
/// <param name="Segment">Number of the segment file.</param>
/// <param name="Offset">Where the place begins in it.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Number">The first record number that is missing, 0 when unknown.</param>
/// <param name="RecordKind">What the torn record was going to be, when its header says so.</param>
public readonly record struct JournalDamage(long Segment, long Offset, DamageKind Kind, long Number, RecordKind RecordKind)
{
    public override string ToString()
    {
        string what = Kind switch
        {
            DamageKind.Unpublished => "a record that was never published: its process died while writing it, and was not told that it is written",
            DamageKind.Checksum => "a record with a wrong checksum: bytes were lost or changed after it was published",
            DamageKind.Header => "a record whose length or number makes no sense",
            DamageKind.Abandoned => "a record whose writer failed",
            DamageKind.Seal => "a record whose sealed part does not open: it was changed, and its checksum with it",
            DamageKind.SegmentMissing => "a segment file that is missing",
            _ => "a segment file that ends too early",
        };
        string which = Number == 0 ? "" : $", record {Number}";
        return $"segment {Segment}, offset {Offset}{which}: {what}";
    }
}
