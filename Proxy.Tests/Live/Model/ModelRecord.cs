using System.Text;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;

namespace Proxy.Tests.Live.Model;

/// <summary>How often the journal says that a text might be sent to run: Queries, and executions of what was prepared, that were not refused.</summary>
internal sealed class ModelRecord
{
    private readonly Dictionary<string, long> _allowed = [];

    public IReadOnlyDictionary<string, long> Allowed => _allowed;

    public static ModelRecord Read(string directory)
    {
        var record = new ModelRecord();
        var texts = new Dictionary<long, string>();
        using var reader = new JournalReader(directory);
        while (reader.Read() is var result and not JournalReadResult.End)
        {
            if (result is JournalReadResult.Damage) throw new InvalidDataException(reader.Damage.ToString());
            switch (RecordDecoder.Decode(reader.Entry))
            {
                case DecodedIntent intent:
                    texts[reader.Entry.Number] = Encoding.UTF8.GetString(intent.Text);
                    if (intent.Phase is IntentPhase.SimpleQuery && intent.Verdict is Verdict.Allow) record.Count(texts[reader.Entry.Number]);
                    break;
                case DecodedExecution execution when execution.Verdict is Verdict.Allow:
                    record.Count(texts[execution.IntentNumber]);
                    break;
                default:
                    break;
            }
        }

        return record;
    }

    private void Count(string text) => _allowed[text] = _allowed.GetValueOrDefault(text) + 1;
}
