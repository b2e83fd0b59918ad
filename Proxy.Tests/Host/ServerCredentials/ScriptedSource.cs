using Proxy.Host.Configuration.Gateway;
using Proxy.Host.ServerCredentials;
using Proxy.Protocols;

namespace Proxy.Tests.Host.ServerCredentials;

/// <summary>Gives p1, p2, p3 …, or fails, or waits, as the test says.</summary>
internal sealed class ScriptedSource(TimeProvider time) : IServerCredentialSource
{
    private int _fetches;

    public string Description => "script";

    public int Fetches => Volatile.Read(ref _fetches);

    public bool Fails { get; set; }

    /// <summary>Gives the same password for ever.</summary>
    public bool StaysTheSame { get; set; }

    /// <summary>Null: not kept at all.</summary>
    public TimeSpan? Lifetime { get; set; } = TimeSpan.FromSeconds(100);

    public TaskCompletionSource? Gate { get; set; }

    public async Task<FetchedCredential> FetchAsync(CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _fetches);
        if (Gate is { } gate)
            await gate.Task;
        if (Fails)
            throw new ServerCredentialException("script: it fails");
        var now = time.GetUtcNow();
        return new FetchedCredential(
            null, new Secret(StaysTheSame ? "p" : $"p{number}"), Lifetime is { } life ? now + life : null, Lifetime is { } fresh ? now + (fresh * 0.8) : null);
    }
}
