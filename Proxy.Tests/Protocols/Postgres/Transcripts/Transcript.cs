using Proxy.Core.Policy;
using Proxy.Protocols;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>A conversation through the gateway, with every byte of it: who sends what, and what the other side gets.</summary>
public sealed class Transcript(string name)
{
    private readonly List<TranscriptStep> _steps = [];

    public IReadOnlyList<TranscriptStep> Steps => _steps;

    /// <summary>Why the session is over behind the last step; None when it goes on.</summary>
    public SessionEnd End { get; private set; }

    public AccessPolicy? Policy { get; init; }

    public Limits Limits { get; init; } = new();

    public Transcript Client(params byte[][] messages) => Add(isClient: true, messages);

    public Transcript Server(params byte[][] messages) => Add(isClient: false, messages);

    /// <summary>What the server gets at the last step, when that is something else than what was sent.</summary>
    public Transcript ToServer(params byte[][] messages)
    {
        _steps[^1] = _steps[^1] with { ToServer = Join(messages) };
        return this;
    }

    /// <summary>What the client gets at the last step, when that is something else than what was sent.</summary>
    public Transcript ToClient(params byte[][] messages)
    {
        _steps[^1] = _steps[^1] with { ToClient = Join(messages) };
        return this;
    }

    public Transcript Ends(SessionEnd end)
    {
        End = end;
        return this;
    }

    public override string ToString() => name;

    private static byte[] Join(byte[][] messages) => [.. messages.SelectMany(message => message)];

    private Transcript Add(bool isClient, byte[][] messages)
    {
        _steps.Add(new TranscriptStep(isClient, Join(messages)));
        return this;
    }
}
