namespace Proxy.Core.Journal.Verification;

/// <summary>Something that an untouched journal does not have.</summary>
/// <param name="Segment">Where, as far as it is known; 0 for the journal as a whole.</param>
/// <param name="Offset">The first bad byte lies here or behind it.</param>
/// <param name="Until">The first bad byte lies before this place of <paramref name="UntilSegment"/>; equal to the offset when it is known exactly.</param>
/// <param name="UntilSegment">The segment of <paramref name="Until"/>.</param>
/// <param name="What">For people; no value from a record.</param>
public sealed record VerificationFinding(long Segment, long Offset, long UntilSegment, long Until, string What)
{
    public static VerificationFinding At(long segment, long offset, string what) => new(segment, offset, segment, offset, what);

    public override string ToString() => this switch
    {
        { Segment: 0 } => What,
        _ when (Segment, Offset) == (UntilSegment, Until) => $"segment {Segment}, byte {Offset}: {What}",
        _ => $"segment {Segment}, from byte {Offset} to byte {Until} of segment {UntilSegment}: {What}",
    };
}
