namespace Proxy.Core.Sql.Lineage.Binding;

/// <summary>The common tables in scope, nearest first.</summary>
internal sealed class CommonTables(CommonTables? outer)
{
    private readonly Dictionary<string, RowShape> _tables = new(StringComparer.Ordinal);

    public void Set(string name, RowShape shape) => _tables[name] = shape;

    public RowShape? Find(string name)
    {
        for (var tables = this; tables is not null; tables = tables.Outer)
            if (tables._tables.TryGetValue(name, out var shape))
                return shape;
        return null;
    }

    private CommonTables? Outer { get; } = outer;
}
