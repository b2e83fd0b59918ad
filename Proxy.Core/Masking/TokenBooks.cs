using Proxy.Core.Policy;

namespace Proxy.Core.Masking;

/// <summary>The books of the identities that were here lately, by identity and target. Thread-safe; off the hot path.</summary>
public sealed class TokenBooks : IDisposable
{
    /// <summary>The one that nobody asked for longest is let go; sessions that hold it keep it.</summary>
    private const int BooksMax = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Issuer, string Subject, string? Agent, string Target, string Database), (TokenBook Book, long Asked)> _books = [];
    private long _asked;

    public TokenBook Of(Principal principal, string target, string database)
    {
        using var scope = _gate.EnterScope();
        var key = (principal.Issuer, principal.Subject, principal.Agent, target, database);
        var book = _books.TryGetValue(key, out var known) ? known.Book : new TokenBook();
        _books[key] = (book, ++_asked);
        if (_books.Count > BooksMax)
            _books.Remove(_books.MinBy(static entry => entry.Value.Asked).Key);
        return book;
    }

    public void Dispose()
    {
        using var scope = _gate.EnterScope();
        foreach (var (book, _) in _books.Values)
            book.Dispose();
        _books.Clear();
    }

    public override string ToString() => nameof(TokenBooks);
}
