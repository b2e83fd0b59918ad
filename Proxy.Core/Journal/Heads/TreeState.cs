namespace Proxy.Core.Journal.Heads;

/// <summary>Where the chain of a journal has got to. Everything before <paramref name="Segment"/>, <paramref name="Offset"/> is in it.</summary>
internal sealed record TreeState(long Size, byte[] Root, byte[] Chain, byte[] Edge, long LastRecord, long Segment, long Offset)
{
    public static TreeState Of(EntryChain chain, long lastRecord, long segment, long offset) =>
        new(chain.Tree.Size, chain.Tree.Root(), chain.Last.ToArray(), chain.Tree.Edge(), lastRecord, segment, offset);

    public JournalHead ToHead(Guid journalId, byte[] previous, DateTimeOffset time) => new()
    {
        JournalId = journalId,
        Size = Size,
        Root = Root,
        Chain = Chain,
        LastRecord = LastRecord,
        Segment = Segment,
        Offset = Offset,
        Previous = previous,
        Time = time,
    };
}
