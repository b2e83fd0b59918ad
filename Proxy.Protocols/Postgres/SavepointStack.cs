namespace Proxy.Protocols.Postgres;

/// <summary>Open savepoints of the transaction block, outermost first. Names may repeat; the innermost one counts.</summary>
internal sealed class SavepointStack
{
    private readonly List<string> _names = [];

    public int Depth => _names.Count;

    public void Push(string name) => _names.Add(name);

    public void Clear() => _names.Clear();

    /// <summary>RELEASE: the savepoint and those within it are gone. Returns the depth that their objects now belong to, or -1 if there is none of that name.</summary>
    public int Release(string name)
    {
        var index = _names.LastIndexOf(name);
        if (index >= 0) _names.RemoveRange(index, _names.Count - index);
        return index;
    }

    /// <summary>ROLLBACK TO: those within it are gone, it stays. Returns the greatest depth whose objects survive, or -1 if there is none of that name.</summary>
    public int RollBackTo(string name)
    {
        var index = _names.LastIndexOf(name);
        if (index >= 0) _names.RemoveRange(index + 1, _names.Count - index - 1);
        return index;
    }
}
