namespace Proxy.Core.Journal.Heads;

/// <summary>Signs a state of the chain and appends it to the journal's heads.</summary>
internal sealed class HeadFiling(Guid journalId, HeadFile file, IHeadSigner signer, SignedHead? last, TimeProvider time)
{
    private byte[] _previous = last?.Digest ?? new byte[MerkleTree.HashBytes];

    public async Task<SignedHead> FileAsync(TreeState state, CancellationToken cancellation)
    {
        JournalHead head = state.ToHead(journalId, _previous, time.GetUtcNow());
        var signed = new SignedHead(head, signer.PublicKey.Id, await signer.SignAsync(head.SignedBytes, cancellation));
        file.Append(signed, state);
        _previous = signed.Digest;
        return signed;
    }
}
