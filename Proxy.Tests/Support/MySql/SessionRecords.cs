using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Tests.Support.MySql;

/// <summary>What a gateway has recorded.</summary>
internal static class SessionRecords
{
    public static IReadOnlyList<DecodedRecord> Read(string journalDirectory)
    {
        using var reader = new JournalReader(journalDirectory);
        var records = new List<DecodedRecord>();
        for (JournalReadResult step; (step = reader.Read()) is not JournalReadResult.End;)
            if (step is JournalReadResult.Record)
                records.Add(RecordDecoder.Decode(reader.Entry));
        return records;
    }
}
