using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;

namespace Proxy.Tests.Fuzz;

/// <summary>Whatever reaches the server was in the journal before, with the same bytes and a decision that lets it through. Each record is good for once.</summary>
internal sealed class IntentCheck(MemoryJournal journal)
{
    private readonly HashSet<long> _spent = [];

    /// <summary>A simple query reached the server.</summary>
    public void Runs(byte[] text) =>
        Spend("a Query", journal.Intents, intent => intent.Phase is IntentPhase.SimpleQuery && IsForwarded(intent.Verdict) && Same(intent.Text, text));

    /// <summary>A Parse reached the server. Refused texts may be parsed there; they are never bound.</summary>
    public void Parses(byte[] text) => Spend("a Parse", journal.Intents, intent => Same(intent.Text, text));

    /// <summary>A Bind reached the server that takes this text under that name.</summary>
    public void Binds(byte[] text, ReadOnlySpan<byte> parameters)
    {
        var sent = parameters.ToArray();
        Spend(
            "a Bind", journal.Executions,
            execution => IsForwarded(execution.Verdict) && Same(execution.Parameters, sent)
                && journal.Intents.TryGetValue(execution.IntentNumber, out var intent) && Same(intent.Text, text));
    }

    /// <summary>An Execute reached the server that runs this text.</summary>
    public void Executes(byte[] text)
    {
        journal.Decode();
        var isDecided = journal.Executions.Values.Any(execution =>
            IsForwarded(execution.Verdict) && journal.Intents.TryGetValue(execution.IntentNumber, out var intent) && Same(intent.Text, text));
        Assert.That(isDecided, "an Execute reached the server without a decision on its text");
    }

    private void Spend<T>(string what, Dictionary<long, T> records, Func<T, bool> fits)
    {
        journal.Decode();
        foreach (var (number, record) in records)
        {
            if (_spent.Contains(number) || !fits(record)) continue;
            _spent.Add(number);
            return;
        }

        Assert.Fail($"{what} reached the server without an intent");
    }

    private static bool IsForwarded(Verdict verdict) => verdict is Verdict.Allow or Verdict.Mask;

    private static bool Same(byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b);
}
