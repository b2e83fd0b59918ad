using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Policy;

/// <summary>What a statement that was understood does to the relations of its session. What has no effect here and changes the schema ends the session's trust.</summary>
internal static class OverlayEffects
{
    public static OverlayEffect Of(StatementReading reading, StatementLineage lineage, CatalogueSnapshot catalogue, SessionOverlay overlay) => reading.Syntax switch
    {
        CreateTableStatement { IsPlain: true } create =>
            OverlayEffect.Creates(SessionRelation.Empty(create.Name, IsTemporary(create.Name, create.IsTemporary), dropsOnCommit: false, create.Columns)),
        CreateTableAsStatement { IsMaterializedView: false } create when lineage.Outputs is { IsOpen: false } outputs =>
            OverlayEffect.Creates(SessionRelation.Copy(
                create.Name, IsTemporary(create.Name, create.IsTemporary), dropsOnCommit: false, outputs.Columns.Select(Classified), catalogue)),
        CreateViewStatement { IsTemporary: false } create when !IsTemporary(create.Name, isTemporary: false) => OverlayEffect.SharedChange,
        DropRelationsStatement { Cascades: false } drop when drop.Names.All(name => IsOwn(name, catalogue, overlay)) => OverlayEffect.Drops(drop.Names, catalogue),
        _ => OverlayEffect.None,
    };

    private static (string, IdentifierClass) Classified(NamedFlow column) => (column.Name, column.Flow switch
    {
        { IsPhi: false } => IdentifierClass.NotPhi,
        { Derivation: Derivation.Copy, TellsByNull: false } copy => copy.Sources.PhiClass() ?? IdentifierClass.Unreviewed,
        _ => IdentifierClass.Unreviewed,
    });

    private static bool IsTemporary(QualifiedName name, bool isTemporary) => isTemporary || name.Schema is SessionRelation.TemporarySchema;

    private static bool IsOwn(QualifiedName name, CatalogueSnapshot catalogue, SessionOverlay overlay) =>
        catalogue.Candidates(name).IsEmpty && !overlay.Candidates(name, catalogue).IsEmpty;
}
