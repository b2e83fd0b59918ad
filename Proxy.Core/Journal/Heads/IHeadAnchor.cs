namespace Proxy.Core.Journal.Heads;

/// <summary>
/// Keeps heads in another trust domain: somebody who has the journal's machine and its keys can rewrite the journal, but not what an anchor has.
/// </summary>
public interface IHeadAnchor
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>Comes back when the head is kept.</summary>
    /// <exception cref="IOException">It is not.</exception>
    Task KeepAsync(SignedHead head, CancellationToken cancellation);
}
