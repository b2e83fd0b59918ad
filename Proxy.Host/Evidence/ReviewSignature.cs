namespace Proxy.Host.Evidence;

/// <summary>What a reviewer signs for.</summary>
/// <param name="Reviewer">As they call themselves; the account that signs is recorded beside it.</param>
/// <param name="From">Begin of the period.</param>
/// <param name="To">Its end.</param>
/// <param name="FirstRecord">The first statement or session that the report saw.</param>
/// <param name="LastRecord">The last one.</param>
/// <param name="Digest">SHA-256 of the report as JSON.</param>
/// <param name="Findings">Records that need something done.</param>
/// <param name="Note">What was found. May name a patient.</param>
internal sealed record ReviewSignature(
    string Reviewer, DateTimeOffset From, DateTimeOffset To, long FirstRecord, long LastRecord, byte[] Digest, long[] Findings, string Note)
{
    public override string ToString() => nameof(ReviewSignature);
}
