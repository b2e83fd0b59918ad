namespace Proxy.Host.Catalogue.MySql;

/// <summary>
/// Names as the analysis compares them, byte for byte: those of columns and functions in lower case, because the server never tells case apart there;
/// those of databases and tables so only where lower_case_table_names says so. And the numbers by which relations are known: the server has none, so
/// a name keeps the number that it got first.
/// </summary>
internal sealed class MySqlNames
{
    private const uint FirstRelation = 100_000;

    private readonly Dictionary<(string Schema, string Name), uint> _numbers = [];
    private readonly Dictionary<string, string> _interned = new(StringComparer.Ordinal);

    public bool FoldsRelations { get; set; }

    public string Schema(string name) => Intern(FoldsRelations || IsInformationSchema(name) ? name.ToLowerInvariant() : name);

    public (string Schema, string Name) Relation(string schema, string name) =>
        (Schema(schema), Intern(FoldsRelations || IsInformationSchema(schema) ? name.ToLowerInvariant() : name));

    public string Column(string name) => Intern(name.ToLowerInvariant());

    public uint NumberOf((string Schema, string Name) relation)
    {
        if (!_numbers.TryGetValue(relation, out var number))
            _numbers.Add(relation, number = FirstRelation + (uint)_numbers.Count);
        return number;
    }

    private static bool IsInformationSchema(string schema) => schema.Equals("information_schema", StringComparison.OrdinalIgnoreCase);

    private string Intern(string name)
    {
        if (_interned.TryGetValue(name, out var known))
            return known;
        _interned.Add(name, name);
        return name;
    }
}
