using System.Buffers.Binary;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Core.Journal.Recovery;

/// <summary>
/// Pairs statements with their outcomes. An Intent of a simple query and an Execution wait for an Outcome or a Refused; a Parse runs nothing and
/// waits for none. Reads the few bytes that it needs where docs/journal-format.md says they are: it sees every record of a journal.
/// </summary>
/// <param name="keepsUnknown">Also those that were concluded as unknown: what recovery writes of a crash, and sessions of an answer that nobody saw.</param>
internal sealed class OpenStatements(bool keepsUnknown = false)
{
    private const int StatementOffset = RecordWriter.GuidBytes;
    private const int PhaseOffset = StatementOffset + sizeof(long);
    private const int StatusOffset = PhaseOffset;

    private readonly Dictionary<long, Guid> _open = [];

    public long NotTracked { get; private set; }

    public IEnumerable<UnknownOutcome> All =>
        _open.OrderBy(statement => statement.Key).Select(statement => new UnknownOutcome(statement.Key, statement.Value));

    /// <exception cref="JournalFormatException">The body is too short for its kind.</exception>
    public void See(in JournalEntry entry)
    {
        ReadOnlySpan<byte> body = entry.Body.Span;
        switch (entry.Kind)
        {
            case RecordKind.Intent or RecordKind.Execution or RecordKind.Outcome or RecordKind.Refused when body.Length <= PhaseOffset:
                throw new JournalFormatException("The body of a journal record is malformed.");
            case RecordKind.Intent when body[PhaseOffset] == (byte)IntentPhase.SimpleQuery:
            case RecordKind.Execution:
                Add(entry.Number, new Guid(body[..RecordWriter.GuidBytes], bigEndian: true));
                break;
            case RecordKind.Outcome when keepsUnknown && body[StatusOffset] == (byte)OutcomeStatus.Unknown:
                Add(BinaryPrimitives.ReadInt64LittleEndian(body[StatementOffset..]), new Guid(body[..RecordWriter.GuidBytes], bigEndian: true));
                break;
            case RecordKind.Outcome or RecordKind.Refused:
                // A suspended portal goes on under the same record, and may yet be concluded; what has been seen of it is an outcome.
                _open.Remove(BinaryPrimitives.ReadInt64LittleEndian(body[StatementOffset..]));
                break;
        }
    }

    private void Add(long number, Guid sessionId)
    {
        if (_open.Count < RecoveryReport.ListedMax || _open.ContainsKey(number))
            _open[number] = sessionId;
        else
            NotTracked++;
    }
}
