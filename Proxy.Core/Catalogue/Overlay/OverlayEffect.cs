using System.Collections.Immutable;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue.Overlay;

/// <summary>What a statement does to its session's overlay once it has completed; undone with its transaction. Immutable.</summary>
public sealed class OverlayEffect
{
    private readonly SessionRelation? _created;
    private readonly ImmutableArray<QualifiedName> _dropped = [];
    private readonly bool _changesShared;

    private OverlayEffect(SessionRelation? created, ImmutableArray<QualifiedName> dropped, bool changesShared)
    {
        _created = created;
        _dropped = dropped;
        _changesShared = changesShared;
    }

    public static OverlayEffect None { get; } = new(null, [], changesShared: false);

    /// <summary>
    /// It changed objects that every session sees and the catalogue shows, all or nothing: ALTER TABLE, CREATE FUNCTION, GRANT. Not for what the
    /// catalogue never shows (temporary views and functions), nor for code that can commit by itself (CALL, DO): after those the session cannot be
    /// followed any more.
    /// </summary>
    public static OverlayEffect SharedChange { get; } = new(null, [], changesShared: true);

    public static OverlayEffect Creates(SessionRelation relation) => new(relation, [], changesShared: false);

    /// <summary>DROP TABLE and its like; what is dropped from the shared catalogue may stay known, which masks more.</summary>
    public static OverlayEffect Drops(ImmutableArray<QualifiedName> names, CatalogueSnapshot catalogue) =>
        new(null, names.RemoveAll(name => !catalogue.Candidates(name).IsEmpty), changesShared: false);

    public bool IsNone => ReferenceEquals(this, None);

    /// <summary>The overlay as the statements behind this one in the same text may see it: what it drops may come back before they run, so it stays.</summary>
    public SessionOverlay AddTo(SessionOverlay overlay)
    {
        if (_created is not null)
            overlay = overlay.With(_created);
        return _changesShared ? overlay.WithSharedChange() : overlay;
    }

    /// <summary>The overlay after the statement has completed.</summary>
    public SessionOverlay ApplyTo(SessionOverlay overlay)
    {
        overlay = AddTo(overlay);
        foreach (var name in _dropped)
            overlay = overlay.Without(name);
        return overlay;
    }
}
