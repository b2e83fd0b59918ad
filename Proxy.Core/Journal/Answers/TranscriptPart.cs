using Proxy.Core.Journal.Records;

namespace Proxy.Core.Journal.Answers;

/// <summary>One record of a session, in its place.</summary>
/// <param name="Number">Of the record.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Record">What it says.</param>
/// <param name="ToClient">What the client was sent up to here, as far as it was kept.</param>
/// <param name="IsComplete">Nothing that it was sent is missing.</param>
public sealed record TranscriptPart(long Number, DateTimeOffset Time, DecodedRecord Record, ReadOnlyMemory<byte> ToClient, bool IsComplete)
{
    public override string ToString() => $"record {Number} ({Record})";
}
