using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>What the relations that a statement names can be, whatever the search path, and what of them is PHI.</summary>
internal sealed class MentionedRelations
{
    private readonly StatementReading _reading;
    private readonly CatalogueSnapshot _catalogue;

    public MentionedRelations(StatementReading reading, CatalogueSnapshot catalogue, SessionOverlay overlay)
    {
        _reading = reading;
        _catalogue = catalogue;
        foreach (var mention in reading.Relations)
        {
            var candidates = overlay.Candidates(mention.Name, catalogue);
            // What a statement creates is not there yet.
            var isCreated = mention.IsWritten && reading.Kind is (StatementKind.CreateTableAs or StatementKind.Schema);
            if (candidates.IsEmpty && !isCreated)
            {
                HasUnknown = true;
                HasUnknownWritten |= mention.IsWritten;
                Findings.Add($"{mention.Name} is not in the catalogue");
            }
            foreach (var candidate in candidates)
                Add(candidate, mention.IsWritten);
        }
    }

    public List<string> Findings { get; } = [];

    /// <summary>A name that the catalogue does not know: the statement is wrong, or the catalogue is old, or it is a relation of this session.</summary>
    public bool HasUnknown { get; private set; }

    public bool HasUnknownWritten { get; private set; }

    public List<CatalogueRelation> Read { get; } = [];

    public List<CatalogueRelation> Written { get; } = [];

    public bool ReadsPhi { get; private set; }

    public bool WritesPhi { get; private set; }

    public bool MentionsPhi => HasUnknown || ReadsPhi || WritesPhi;

    /// <summary>Whether all that is written, and something is, belongs to this session alone.</summary>
    public bool WritesOnlyTemporary =>
        !HasUnknownWritten && Written.Count > 0
        && Written.TrueForAll(static relation => relation.Schema.StartsWith(SessionRelation.TemporarySchema, StringComparison.Ordinal));

    public IEnumerable<CatalogueRelation> All => Read.Concat(Written);

    private void Add(CatalogueRelation relation, bool isWritten)
    {
        (isWritten ? Written : Read).Add(relation);
        if (!Exposes(relation))
            return;
        Findings.Add($"{relation} has PHI");
        if (isWritten)
            WritesPhi = true;
        else
            ReadsPhi = true;
    }

    /// <summary>
    /// A relation of a user exposes PHI as a whole: its columns can be renamed before they are named. One of the server's own relations is
    /// mostly structure, so there the reading must be able to name one of the columns that are not: by its name, by a star, or by a function in
    /// attribute notation that takes the whole row (s.to_json).
    /// </summary>
    private bool Exposes(CatalogueRelation relation)
    {
        if (!relation.CarriesPhi)
            return false;
        if (relation.Kind != RelationKind.SystemTable || _reading.Columns.IsDefault)
            return true;
        foreach (var name in _reading.Columns)
            if (name == "*" || relation.Column(name) is { IsPhi: true })
                return true;
        foreach (var name in _reading.Attributes)
            if (relation.Column(name) is null && _catalogue.TakesRow(name))
                return true;
        return !relation.Columns.Any(static column => !column.IsPhi);
    }
}
