using Proxy.Core.Policy;
using Proxy.Protocols.Postgres;

namespace Proxy.Host.Identity.Credentials;

/// <summary>What is kept of a credential. The password is not: only what checks a proof of it.</summary>
public sealed class OneTimeCredential
{
    private int _connectionsLeft;

    /// <param name="connections">How often it may be used.</param>
    public OneTimeCredential(int connections) => _connectionsLeft = connections;

    /// <summary>The user name: says which credential it is, and is no secret.</summary>
    public required string Name { get; init; }

    public required ScramVerifier Scram { get; init; }

    /// <summary>SHA-256 of the SHA-256 of the password: what MySQL's caching_sha2_password checks a scramble against.</summary>
    public required byte[] CachingSha2 { get; init; }

    public required Principal Principal { get; init; }

    public required string Target { get; init; }

    public required string Database { get; init; }

    /// <summary>Whether each session is good for one request only.</summary>
    public required bool IsForOneRequest { get; init; }

    /// <summary>When it can no longer be used to connect.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When sessions that it opened end.</summary>
    public required DateTimeOffset SessionsEndAt { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>Takes one of its connections; false when there is none left.</summary>
    public bool TryUse()
    {
        if (Interlocked.Decrement(ref _connectionsLeft) >= 0)
            return true;
        Interlocked.Increment(ref _connectionsLeft);
        return false;
    }

    /// <summary>The connection did not become a session.</summary>
    public void GiveBack() => Interlocked.Increment(ref _connectionsLeft);

    public override string ToString() => Name;
}
