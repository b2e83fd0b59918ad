using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Sealing;

namespace Proxy.Core.Journal.Answers;

/// <summary>A session as its client saw it: its records in order, and behind each what the client was sent.</summary>
public static class SessionTranscript
{
    /// <param name="directory">The journal.</param>
    /// <param name="session">Which session.</param>
    /// <param name="keys">Without, no texts and no answers.</param>
    /// <param name="firstSegment">Where to begin to look.</param>
    public static IEnumerable<TranscriptPart> Read(string directory, Guid session, SegmentKeyRing? keys, long firstSegment = 0)
    {
        using var reader = new JournalReader(directory, keys: keys, firstSegment: firstSegment);
        long saved = 0;
        for (JournalReadResult step = reader.Read(); step != JournalReadResult.End; step = reader.Read())
        {
            if (step != JournalReadResult.Record || !IsOf(reader.Entry, session))
                continue;
            JournalEntry entry = reader.Entry;
            DecodedRecord record = RecordDecoder.Decode(entry);
            ReadOnlyMemory<byte> bytes = default;
            bool isComplete = true;
            if (record is DecodedAnswer answer)
            {
                bytes = answer.Bytes;
                saved += answer.Bytes.Length;
            }
            else if (record is DecodedOutcome outcome)
            {
                bytes = outcome.Answer;
                isComplete = saved + outcome.Answer.Length == outcome.AnswerBytes;
                saved = 0;
            }
            yield return new TranscriptPart(entry.Number, entry.Time, record, bytes, isComplete);
            if (record is DecodedSessionClosed)
                yield break;
        }
    }

    /// <summary>Every record about a session begins with its id.</summary>
    private static bool IsOf(in JournalEntry entry, Guid session) =>
        entry.Kind is not (RecordKind.SignInRefused or RecordKind.ConfigurationChanged or RecordKind.AuditRead)
        && entry.Body.Length >= RecordWriter.GuidBytes
        && new Guid(entry.Body.Span[..RecordWriter.GuidBytes], bigEndian: true) == session;
}
