using System.Collections.Immutable;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue.Overlay;

/// <summary>
/// What one session has made of the catalogue at one moment, as far as others cannot see it: a second connection does not see an uncommitted table,
/// nor ever a temporary one [ran]. Immutable. It only ever adds to what a name can mean, so one relation too many is a mask too many, never one too few.
/// </summary>
public sealed class SessionOverlay
{
    /// <summary>Of <see cref="_changedUntil"/>: by a transaction that is still open.</summary>
    private const long Uncommitted = long.MaxValue;

    /// <summary>A session with more relations of its own than this cannot be followed.</summary>
    private const int RelationsMax = 1000;

    private readonly ImmutableArray<SessionRelation> _relations;
    private readonly long _changedUntil;
    private readonly bool _isFull;

    private SessionOverlay(ImmutableArray<SessionRelation> relations, long changedUntil, bool isFull, string? defaultSchema)
    {
        _relations = relations;
        _changedUntil = changedUntil;
        _isFull = isFull;
        DefaultSchema = defaultSchema;
    }

    /// <summary>The session sees what all see.</summary>
    public static SessionOverlay Empty { get; } = new([], long.MinValue, isFull: false, defaultSchema: null);

    /// <summary>
    /// The database in which the server looks for an unqualified name, as USE says it in MySQL; null where that is not one schema, or not known, and the
    /// name can mean the relations of all.
    /// </summary>
    public string? DefaultSchema { get; }

    /// <summary>
    /// Whether the session has relations of its own: then the server may name a table in a RowDescription that no catalogue knows, and where lineage
    /// says that the column comes from one of these, that is what it is.
    /// </summary>
    public bool HasRelations => !_relations.IsEmpty;

    public IEnumerable<SessionRelation> Relations => _relations;

    /// <summary>
    /// Whether the shared catalogue shows what the session has changed in it. Not while the changes are uncommitted, and after that not before the
    /// server has confirmed the catalogue anew: until then its relations may be others than the catalogue says.
    /// </summary>
    /// <param name="confirmedAt"><see cref="ICatalogueSource.ConfirmedAt"/>, read before the catalogue itself.</param>
    public bool IsShownBy(long confirmedAt) =>
        !_isFull && (_changedUntil == long.MinValue || (_changedUntil != Uncommitted && _changedUntil < confirmedAt));

    /// <summary>Every relation that the name can mean, whatever the search path: the session's own first, then the catalogue's.</summary>
    public ImmutableArray<CatalogueRelation> Candidates(QualifiedName name, CatalogueSnapshot catalogue)
    {
        var shared = catalogue.Candidates(name.Schema is null && DefaultSchema is { } schema ? name with { Schema = schema } : name);
        if (_relations.IsEmpty)
            return shared;
        // In MySQL a temporary table is one of a database's, and in front of the permanent one of that name.
        if (catalogue.Dialect is SqlDialect.MySql)
            name = name with { Schema = null };
        ImmutableArray<CatalogueRelation> own =
            [.. _relations.Where(relation => relation.CanBe(name)).OrderByDescending(static relation => relation.IsTemporary).Select(relation => relation.Under(catalogue))];
        return own.IsEmpty ? shared : own.AddRange(shared);
    }

    /// <summary>Whether the name means the same to both, as far as the session's own relations go.</summary>
    public bool IsSameFor(QualifiedName name, SessionOverlay other) =>
        ReferenceEquals(this, other) || (name.Schema is not null || DefaultSchema == other.DefaultSchema) && _relations.Where(relation => relation.CanBe(name)).SequenceEqual(other._relations.Where(relation => relation.CanBe(name)));

    public SessionOverlay With(SessionRelation created) => _relations.Length < RelationsMax
        ? new SessionOverlay(_relations.Add(created), _changedUntil, _isFull, DefaultSchema)
        : new SessionOverlay(_relations, _changedUntil, isFull: true, DefaultSchema);

    /// <summary>After USE.</summary>
    public SessionOverlay WithDefaultSchema(string? schema) =>
        schema == DefaultSchema ? this : new SessionOverlay(_relations, _changedUntil, _isFull, schema);

    /// <summary>
    /// After DROP. Only where it is certain which relation that was does it go; otherwise a name keeps one meaning too many, which masks more.
    /// </summary>
    /// <param name="name">As the statement spells it; it means nothing to the shared catalogue.</param>
    public SessionOverlay Without(QualifiedName name)
    {
        var own = _relations.Where(relation => relation.CanBe(name)).ToList();
        return own is [var only] ? new SessionOverlay(_relations.Remove(only), _changedUntil, _isFull, DefaultSchema) : this;
    }

    /// <summary>After a statement that changed what all sessions see.</summary>
    public SessionOverlay WithSharedChange() => new(_relations, Uncommitted, _isFull, DefaultSchema);

    /// <summary>DISCARD TEMP, DISCARD ALL.</summary>
    public SessionOverlay WithoutTemporary() => Keep(_relations.RemoveAll(static relation => relation.IsTemporary), _changedUntil);

    /// <param name="now">The time of the commit's reply, as <see cref="TimeProvider.GetTimestamp"/> gives it.</param>
    internal SessionOverlay Committed(long now)
    {
        var changedUntil = _changedUntil == Uncommitted ? now : _changedUntil;
        if (_relations.IsEmpty)
            return Keep(_relations, changedUntil);
        return Keep([.. _relations.Where(static relation => !relation.DropsOnCommit).Select(static relation => relation.Shared())], changedUntil);
    }

    private SessionOverlay Keep(ImmutableArray<SessionRelation> relations, long changedUntil) =>
        changedUntil == _changedUntil && relations.SequenceEqual(_relations) ? this : new SessionOverlay(relations, changedUntil, _isFull, DefaultSchema);
}
