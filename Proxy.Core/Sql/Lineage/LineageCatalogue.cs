using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What names can mean, for one analysis.</summary>
/// <param name="snapshot">What all sessions see.</param>
/// <param name="overlay">What this one has made itself; null for nothing.</param>
public sealed class LineageCatalogue(CatalogueSnapshot snapshot, SessionOverlay? overlay = null)
{
    public CatalogueSnapshot Snapshot { get; } = snapshot;

    /// <summary>Every relation that the name can be.</summary>
    public ImmutableArray<CatalogueRelation> Relations(QualifiedName name) => overlay is null ? Snapshot.Candidates(name) : overlay.Candidates(name, Snapshot);

    public bool IsFunction(QualifiedName function) => Snapshot.IsFunction(function.Name);

    public FunctionReview ReviewOf(QualifiedName function) => Snapshot.ReviewOf(function);

    /// <summary>The bodies of all functions that the name can be, when each of them is SQL that was read; default or empty otherwise.</summary>
    public ImmutableArray<FunctionBody> BodiesOf(QualifiedName function) => Snapshot.BodiesOf(function);

    /// <summary>The columns of a relation and what flows into them.</summary>
    public static RowShape ShapeOf(CatalogueRelation relation) => relation.Shape;
}
