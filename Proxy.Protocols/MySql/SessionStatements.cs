using Proxy.Core.Policy;

namespace Proxy.Protocols.MySql;

/// <summary>The statements that the server has prepared, by number and by SQL's names, as far as replies have confirmed it. Guarded by the ledger's lock.</summary>
internal sealed class SessionStatements
{
    private readonly Dictionary<uint, PreparedStatement> _byId = [];
    private readonly Dictionary<string, RiskAssessment> _byName = new(StringComparer.OrdinalIgnoreCase);

    public int Count => _byId.Count + _byName.Count;

    /// <summary>The one prepared last: what MariaDB's drivers mean by the number 0xFFFFFFFF.</summary>
    public PreparedStatement? Last { get; set; }

    /// <summary>Statements that the server still holds for us and nobody needs; the request relay closes them.</summary>
    public List<uint> Unneeded { get; } = [];

    public IReadOnlyCollection<uint> Ids => _byId.Keys;

    public PreparedStatement? Find(uint id) => _byId.GetValueOrDefault(id);

    public RiskAssessment? Named(string name) => _byName.GetValueOrDefault(name);

    public void Define(PreparedStatement statement)
    {
        _byId[statement.Id] = statement;
        Last = statement;
    }

    public void Drop(PreparedStatement statement)
    {
        _byId.Remove(statement.Id);
        if (ReferenceEquals(Last, statement)) Last = null;
    }

    public void Define(string name, RiskAssessment assessment) => _byName[name] = assessment;

    public void Drop(string name) => _byName.Remove(name);

    /// <summary>COM_RESET_CONNECTION: nothing is prepared any more.</summary>
    public void Clear()
    {
        _byId.Clear();
        _byName.Clear();
        Last = null;
        Unneeded.Clear();
    }
}
