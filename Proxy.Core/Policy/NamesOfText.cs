using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>
/// What names mean in the middle of a text: its earlier statements may have given them to something else. Where they may have taken a name away,
/// nothing is known of it.
/// </summary>
/// <param name="session">What names mean in front of the text.</param>
/// <param name="overlay">The relations that the session has made in front of the text: one view of them for all that is judged, because a reply may change them at any moment.</param>
internal sealed class NamesOfText(INamedStatements session, SessionOverlay overlay) : INamedStatements
{
    private readonly Dictionary<string, RiskAssessment?> _prepared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RiskAssessment?> _cursors = new(StringComparer.Ordinal);
    private bool _hasDroppedPrepared;
    private bool _hasDroppedCursors;

    /// <summary>With what earlier statements of the text create. What they drop stays in it: it may be back before the next one runs.</summary>
    public SessionOverlay Overlay { get; private set; } = overlay;

    public RiskAssessment? Prepared(string name) =>
        _prepared.TryGetValue(name, out var known) ? known : _hasDroppedPrepared ? null : session.Prepared(name);

    public RiskAssessment? Cursor(string name) =>
        _cursors.TryGetValue(name, out var known) ? known : _hasDroppedCursors ? null : session.Cursor(name);

    /// <summary>A statement with this effect stands before those that are judged next.</summary>
    public void Pass(OverlayEffect effect) => Overlay = effect.AddTo(Overlay);

    /// <summary>A statement of the text stands before those that are judged next.</summary>
    public void Pass(StatementReading reading, RiskAssessment assessment)
    {
        switch (reading)
        {
            case { Kind: StatementKind.Prepare, ObjectName: { } name }:
                _prepared[name] = assessment with { IsQuery = reading.PreparesQuery };
                break;
            case { Kind: StatementKind.Deallocate, ObjectName: { } name }:
                _prepared[name] = null;
                break;
            case { Kind: StatementKind.DeclareCursor, ObjectName: { } name }:
                _cursors[name] = assessment with { IsQuery = true };
                break;
            case { Kind: StatementKind.CloseCursor, ObjectName: { } name }:
                _cursors[name] = null;
                break;
            case { Kind: StatementKind.Deallocate or StatementKind.Discard }:
                DropPrepared();
                DropCursors();
                break;
            case
            {
                Kind: StatementKind.CloseCursor or StatementKind.Commit or StatementKind.Rollback or StatementKind.PrepareTransaction
                or StatementKind.RollbackToSavepoint
            }:
                DropCursors();
                break;
            default:
                break;
        }
    }

    private void DropPrepared()
    {
        _prepared.Clear();
        _hasDroppedPrepared = true;
    }

    private void DropCursors()
    {
        _cursors.Clear();
        _hasDroppedCursors = true;
    }
}
