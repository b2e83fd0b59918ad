using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Core.Journal.Recovery;

/// <summary>
/// Pairs statements with their outcomes. An Intent of a simple query and an Execution wait for an Outcome or a Refused; a Parse runs nothing and
/// waits for none.
/// </summary>
internal sealed class OpenStatements
{
    private readonly SortedDictionary<long, Guid> _open = [];

    public long NotTracked { get; private set; }

    public IEnumerable<UnknownOutcome> All => _open.Select(statement => new UnknownOutcome(statement.Key, statement.Value));

    public void See(in JournalEntry entry)
    {
        if (entry.Kind is not (RecordKind.Intent or RecordKind.Execution or RecordKind.Outcome or RecordKind.Refused))
            return;
        switch (RecordDecoder.Decode(entry))
        {
            case DecodedIntent { Phase: IntentPhase.SimpleQuery } intent:
                Add(entry.Number, intent.SessionId);
                break;
            case DecodedExecution execution:
                Add(entry.Number, execution.SessionId);
                break;
            case DecodedOutcome outcome:
                _open.Remove(outcome.Statement);
                break;
            case DecodedRefused refused:
                _open.Remove(refused.IntentNumber);
                break;
        }
    }

    private void Add(long number, Guid sessionId)
    {
        if (_open.Count < RecoveryReport.ListedMax)
            _open.Add(number, sessionId);
        else
            NotTracked++;
    }
}
