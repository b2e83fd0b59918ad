using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Sealing;
using Proxy.Host.Evidence;

namespace Proxy.Tests.Support;

/// <summary>The records of a kind in a journal that may still be written to, oldest first, what is sealed included.</summary>
public static class RecordedEvents
{
    public static async Task<IReadOnlyList<T>> OfAsync<T>(string journalDirectory)
        where T : DecodedRecord
    {
        using var sealing = JournalKeyDirectory.OpenSealing(JournalKeyDirectory.DefaultFor(journalDirectory));
        using var keys = await SegmentKeyRing.LoadAsync(journalDirectory, sealing, CancellationToken.None);
        return Read<T>(new JournalReader(journalDirectory, keys: keys));
    }

    /// <summary>The same of a journal that seals nothing.</summary>
    public static IReadOnlyList<T> Plain<T>(string journalDirectory)
        where T : DecodedRecord =>
        Read<T>(new JournalReader(journalDirectory));

    private static List<T> Read<T>(JournalReader opened)
        where T : DecodedRecord
    {
        using var reader = opened;
        var records = new List<T>();
        while (reader.Read() is var step and not JournalReadResult.End)
            if (step is JournalReadResult.Record && RecordDecoder.Decode(reader.Entry) is T record)
                records.Add(record);
        return records;
    }
}
