using System.Collections.Immutable;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Host.Catalogue;

/// <summary>
/// Asks one database of a target for its catalogue, over connections of its own. Its awaits may continue anywhere: callers in the data plane run it on
/// the thread pool. What it throws, <see cref="Explain"/> has words for.
/// </summary>
public interface ICatalogueLoader : IAsyncDisposable
{
    /// <summary>Everything, as of one moment, with the fingerprint of that moment.</summary>
    Task<(CatalogueFacts Facts, string Fingerprint)> LoadAsync(CancellationToken cancellationToken);

    /// <summary>A short text that changes with any DDL that matters.</summary>
    Task<string> FingerprintAsync(CancellationToken cancellationToken);

    /// <summary>What the users that PhiGate connects as may do beyond reading and writing tables; the connections' own first.</summary>
    Task<ImmutableArray<ServerRights>> RightsAsync(CancellationToken cancellationToken);

    /// <summary>Calls <paramref name="announced"/> when the server announces DDL, for as long as the connection lasts, where it can.</summary>
    Task ListenAsync(Action announced, CancellationToken cancellationToken);

    /// <summary>Why a question failed, without what the server was given or said; null for what is no failure of the server.</summary>
    string? Explain(Exception error);
}
