using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Host.Evidence.Streaming;

/// <summary>A record on its way out.</summary>
/// <param name="Number">Of the record; receivers know repeated ones by it.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Record">What it says.</param>
/// <param name="Session">The record that opened its session; null where there is none, or it lies too far back.</param>
/// <param name="Json">The readable part, as `phigate audit read` prints it.</param>
internal readonly record struct StreamedRecord(long Number, DateTimeOffset Time, DecodedRecord Record, DecodedSessionOpened? Session, ReadOnlyMemory<byte> Json)
{
    public static StreamedRecord Of(in JournalEntry entry, DecodedRecord record, DecodedSessionOpened? session, ReadOnlyMemory<byte> json) =>
        new(entry.Number, entry.Time, record, session, json);
}
