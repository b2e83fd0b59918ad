using System.Collections.Immutable;
using System.Text;
using Proxy.Core.Policy;
using Proxy.Core.Sql;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// The prepared statements and portals that the server has confirmed, and what completed statements do to them. Only the reply relay changes
/// it, because only replies say what happened. Guarded by the ledger's lock.
/// Sources: exec_parse_message, exec_bind_message and exec_simple_query of PostgreSQL's postgres.c; portalmem.c; discard.c.
/// </summary>
internal sealed class SessionNames(PortalPool pool)
{
    private readonly Dictionary<byte[], PreparedStatement> _statements = new(ObjectName.Comparer);
    private readonly Dictionary<byte[], Portal> _portals = new(ObjectName.Comparer);
    private readonly SavepointStack _savepoints = new();
    private readonly List<Portal> _doomed = [];
    private long _transaction = 1;

    public IEnumerable<byte[]> StatementNames => _statements.Keys;

    public IEnumerable<byte[]> PortalNames => _portals.Keys;

    public int StatementCount => _statements.Count;

    public int PortalCount => _portals.Count;

    public PreparedStatement? FindStatement(ReadOnlySpan<byte> name) =>
        _statements.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var statement) ? statement : null;

    public Portal? FindPortal(ReadOnlySpan<byte> name) =>
        _portals.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var portal) ? portal : null;

    public void Define(PreparedStatement statement) => _statements[statement.Name] = statement;

    public void DropStatement(byte[] name) => _statements.Remove(name);

    /// <summary>The caller passes on one reference.</summary>
    public void Define(Portal portal)
    {
        DropPortal(portal.Name);
        portal.Transaction = _transaction;
        portal.SavepointDepth = _savepoints.Depth;
        _portals[portal.Name] = portal;
    }

    public void DropPortal(byte[] name)
    {
        if (_portals.Remove(name, out var portal)) pool.Release(portal);
    }

    /// <summary>The session is over: nothing means anything any more.</summary>
    public void Clear()
    {
        DropPortals(static _ => true);
        _statements.Clear();
    }

    /// <summary>The transaction ended: portals go, but for holdable cursors of transactions that were committed.</summary>
    public void EndTransaction(bool isCommitted)
    {
        if (_portals.Count > 0)
        {
            var ended = _transaction;
            DropPortals(portal => !portal.IsHoldable || (portal.Transaction == ended && !isCommitted));
        }

        _transaction++;
        _savepoints.Clear();
    }

    /// <summary>Applies what a completed statement of a text does to names. <paramref name="running"/> is the portal that ran it: the server never drops it here.</summary>
    public void Apply(Judgement judgement, int statement, ReadOnlySpan<byte> tag, long record, Portal? running)
    {
        var reading = judgement.Analysis.Statements[statement];
        var name = reading.ObjectName;
        switch (reading.Kind)
        {
            case StatementKind.Prepare when name is not null:
                // The record of the text: sent by Parse, the PREPARE itself has only the record of its execution.
                Define(Prepared(NameOf(name), reading, judgement, statement, running?.Statement?.Intent ?? record));
                break;
            case StatementKind.Deallocate when name is not null:
                DropStatement(NameOf(name));
                break;
            case StatementKind.Deallocate:
                DropNamedStatements();
                break;
            case StatementKind.Discard when tag.SequenceEqual("DISCARD ALL"u8):
                DropPortals(portal => portal != running);
                DropNamedStatements();
                break;
            case StatementKind.DeclareCursor when name is not null:
                var cursor = pool.Rent(NameOf(name));
                cursor.Judgement = judgement;
                cursor.StatementIndex = statement;
                cursor.IsHoldable = reading.IsHoldable;
                cursor.Execution = record;
                Define(cursor);
                break;
            case StatementKind.CloseCursor when name is not null:
                DropPortal(NameOf(name));
                break;
            case StatementKind.CloseCursor:
                DropPortals(portal => portal != running);
                break;
            case StatementKind.Commit or StatementKind.Rollback or StatementKind.PrepareTransaction:
                EndTransaction(isCommitted: !tag.SequenceEqual("ROLLBACK"u8));
                break;
            case StatementKind.Savepoint when name is not null:
                _savepoints.Push(name);
                break;
            case StatementKind.ReleaseSavepoint when name is not null && _savepoints.Release(name) is >= 0 and var depth:
                foreach (var portal in _portals.Values)
                    portal.SavepointDepth = Math.Min(portal.SavepointDepth, depth);
                break;
            case StatementKind.RollbackToSavepoint when name is not null && _savepoints.RollBackTo(name) is >= 0 and var surviving:
                DropPortals(portal => portal.Transaction == _transaction && portal.SavepointDepth > surviving);
                break;
            default:
                break;
        }
    }

    /// <summary>Whether a completed statement of this kind can change what a name means; a message that uses a name waits for it.</summary>
    public static bool Affects(StatementKind kind) => kind
        is StatementKind.Prepare or StatementKind.Deallocate or StatementKind.Discard
        or StatementKind.DeclareCursor or StatementKind.CloseCursor
        or StatementKind.Commit or StatementKind.Rollback or StatementKind.PrepareTransaction
        or StatementKind.Savepoint or StatementKind.ReleaseSavepoint or StatementKind.RollbackToSavepoint;

    private static byte[] NameOf(string name) => ObjectName.Comparer.Create(Encoding.UTF8.GetBytes(name));

    private static PreparedStatement Prepared(byte[] name, StatementReading reading, Judgement judgement, int statement, long record) => new()
    {
        Name = name,
        Intent = record,
        Assessment = judgement.AssessmentOf(statement) with { IsQuery = true }, // The grammar lets PREPARE hold nothing else.
        // What EXECUTE or Bind will run is the inner statement, so that is what gets judged then.
        Analysis = reading.Inner is { } inner
            ? new StatementAnalysis
            {
                Status = AnalysisStatus.Read,
                Statements = ImmutableArray.Create(inner),
                Fingerprint = judgement.Analysis.Fingerprint,
            }
            : null,
    };

    private void DropNamedStatements()
    {
        foreach (var name in _statements.Keys.Where(name => name.Length > 0).ToArray())
            _statements.Remove(name);
    }

    private void DropPortals(Func<Portal, bool> condition)
    {
        foreach (var portal in _portals.Values)
            if (condition(portal))
                _doomed.Add(portal);
        foreach (var portal in _doomed)
            DropPortal(portal.Name);
        _doomed.Clear();
    }
}
