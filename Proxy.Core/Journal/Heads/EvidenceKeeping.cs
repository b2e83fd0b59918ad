using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal.Heads;

/// <summary>What stands behind the pen of a journal that is evidence: the chain, resumed where it was left, and the heads.</summary>
internal sealed class EvidenceKeeping
{
    private readonly JournalEvidence _evidence;
    private readonly TimeProvider _time;
    private readonly EntryChain _chain;
    private readonly long _lastRecord;
    private readonly HeadFiling _filing;

    private EvidenceKeeping(JournalEvidence evidence, TimeProvider time, EntryChain chain, long lastRecord, HeadFiling filing)
    {
        _evidence = evidence;
        _time = time;
        _chain = chain;
        _lastRecord = lastRecord;
        _filing = filing;
    }

    /// <summary>
    /// Resumes the chain of a journal that was recovered, and signs what it found behind the last head. A new journal gets a head of nothing before
    /// its first segment has its name, so that heads can never be missing.
    /// </summary>
    public static async Task<EvidenceKeeping> ResumeAsync(
        JournalEvidence evidence, string directory, Guid journalId, TimeProvider time, CancellationToken cancellation)
    {
        var file = new HeadFile(directory);
        (EntryChain chain, TreeState state, SignedHead? last) = new ChainResumption(directory, file, evidence.Signer).Run(cancellation);
        var filing = new HeadFiling(journalId, file, evidence.Signer, last, time);
        if (last is null || last.Head.Size != state.Size)
            await filing.FileAsync(state, cancellation);
        return new EvidenceKeeping(evidence, time, chain, state.LastRecord, filing);
    }

    public (JournalNotary Notary, HeadKeeper Heads) Begin(MappedSegment first)
    {
        var notary = new JournalNotary(_chain, _lastRecord, first, _evidence.HeadInterval, _time);
        return (notary, new HeadKeeper(_filing, notary, _evidence, _time));
    }
}
