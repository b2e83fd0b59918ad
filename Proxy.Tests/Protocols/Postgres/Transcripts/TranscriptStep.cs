namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>One side sends; then each side has got something.</summary>
/// <param name="IsClient">Who sends.</param>
/// <param name="Sent">What.</param>
public sealed record TranscriptStep(bool IsClient, byte[] Sent)
{
    /// <summary>What the server has got of it: by default what the client sent.</summary>
    public byte[] ToServer { get; init; } = IsClient ? Sent : [];

    /// <summary>What the client has got: by default what the server sent.</summary>
    public byte[] ToClient { get; init; } = IsClient ? [] : Sent;
}
