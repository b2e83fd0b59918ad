namespace Proxy.Core.Sql.Lineage.Binding;

/// <summary>The common tables in scope, nearest first.</summary>
/// <param name="outer">Those further out.</param>
/// <param name="ignoresCase">As MariaDB does for them whatever lower_case_table_names is [ran].</param>
internal sealed class CommonTables(CommonTables? outer, bool ignoresCase)
{
    private readonly Dictionary<string, RowShape> _tables = new(ignoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

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
