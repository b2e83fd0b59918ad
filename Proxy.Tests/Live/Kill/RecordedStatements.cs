using System.Text;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Policy;
using Proxy.Host.Evidence;

namespace Proxy.Tests.Live.Kill;

/// <summary>What a journal lets run: texts of simple queries, and texts with parameters of executions.</summary>
internal sealed class RecordedStatements
{
    private readonly Dictionary<long, string> _texts = [];
    private readonly HashSet<string> _simple = [];
    private readonly HashSet<string> _executions = [];
    private readonly SortedSet<long> _unknown = [];

    private readonly Func<byte[], string> _parameter;

    private RecordedStatements(Func<byte[], string> parameter) => _parameter = parameter;

    public long Records { get; private set; }

    /// <summary>Numbers of what may have run and has no outcome, or one that says that nobody saw it; of the journal that was read last.</summary>
    public IReadOnlyCollection<long> Unknown => _unknown;

    /// <summary>What a kill cannot explain. A record whose writer died before it was published is no damage: nobody was told that it is written.</summary>
    public List<string> Damages { get; } = [];

    /// <param name="directory">Of the journal.</param>
    /// <param name="parameter">Reads the only parameter of an execution, as text, from what the record holds of it.</param>
    public static Task<RecordedStatements> ReadAsync(string directory, Func<byte[], string> parameter) =>
        ReadAsync([directory], JournalKeyDirectory.DefaultFor(directory), parameter);

    /// <summary>Of several journals under the same keys.</summary>
    public static async Task<RecordedStatements> ReadAsync(IEnumerable<string> directories, string keysDirectory, Func<byte[], string> parameter)
    {
        using var sealing = JournalKeyDirectory.OpenSealing(keysDirectory);
        var recorded = new RecordedStatements(parameter);
        foreach (var directory in directories)
            await recorded.AddAllAsync(directory, sealing);
        return recorded;
    }

    public bool HasQuery(string text) => _simple.Contains(text);

    /// <param name="text">The prepared statement's.</param>
    /// <param name="parameter">Its only parameter, as text.</param>
    public bool HasExecution(string text, string parameter) => _executions.Contains(Key(text, parameter));

    private async Task AddAllAsync(string directory, LocalKeyEncryptionKey sealing)
    {
        _texts.Clear(); // Numbers mean nothing across journals.
        _unknown.Clear();
        using var keys = await SegmentKeyRing.LoadAsync(directory, sealing, CancellationToken.None);
        using var reader = new JournalReader(directory, keys: keys);
        while (reader.Read() is var step and not JournalReadResult.End)
        {
            if (step is JournalReadResult.Record) Add(reader.Entry.Number, RecordDecoder.Decode(reader.Entry));
            else if (reader.Damage.Kind is not DamageKind.Unpublished) Damages.Add(reader.Damage.ToString());
        }
    }

    private void Add(long number, DecodedRecord record)
    {
        Records++;
        NoteOutcome(number, record);
        switch (record)
        {
            case DecodedIntent intent:
                _texts[number] = Encoding.UTF8.GetString(intent.Text);
                if (intent.Phase is IntentPhase.SimpleQuery && IsForwarded(intent.Verdict)) _simple.Add(_texts[number]);
                break;
            case DecodedExecution execution when IsForwarded(execution.Verdict):
                _executions.Add(Key(_texts[execution.IntentNumber], _parameter(execution.Parameters)));
                break;
            default:
                break;
        }
    }

    private void NoteOutcome(long number, DecodedRecord record)
    {
        if (record is DecodedIntent { Phase: IntentPhase.SimpleQuery } or DecodedExecution)
            _unknown.Add(number);
        else if (record is DecodedRefused refused)
            _unknown.Remove(refused.IntentNumber);
        else if (record is DecodedOutcome { Status: not OutcomeStatus.Unknown } outcome)
            _unknown.Remove(outcome.Statement);
    }

    private static bool IsForwarded(Verdict verdict) => verdict is Verdict.Allow or Verdict.Mask;

    private static string Key(string text, string parameter) => $"{text}\0{parameter}";
}
