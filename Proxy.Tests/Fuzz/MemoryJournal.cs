using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Tests.Fuzz;

/// <summary>A journal that keeps the intents and executions of one session in memory.</summary>
internal sealed class MemoryJournal : IJournal
{
    private readonly List<(long Number, RecordKind Kind, byte[] Body)> _records = [];
    private int _decoded;
    private long _number;

    public Dictionary<long, DecodedIntent> Intents { get; } = [];

    public Dictionary<long, DecodedExecution> Executions { get; } = [];

    public bool TryAppend<TRecord>(scoped in TRecord record, out long number) where TRecord : IJournalRecord, allows ref struct
    {
        number = ++_number;
        if (record.Kind is not (RecordKind.Intent or RecordKind.Execution)) return true;
        var body = new byte[record.Measure()];
        record.Write(body);
        _records.Add((number, record.Kind, body));
        return true;
    }

    /// <summary>Reads what has come since the last call.</summary>
    public void Decode()
    {
        for (; _decoded < _records.Count; _decoded++)
        {
            var (number, kind, body) = _records[_decoded];
            var entry = new JournalEntry(number, default, kind, BodyVersion: 1, Segment: 0, Offset: 0, body);
            switch (RecordDecoder.Decode(entry))
            {
                case DecodedIntent intent:
                    Intents[number] = intent;
                    break;
                case DecodedExecution execution:
                    Executions[number] = execution;
                    break;
                default:
                    throw new InvalidDataException($"record {number} is no {kind}");
            }
        }
    }
}
