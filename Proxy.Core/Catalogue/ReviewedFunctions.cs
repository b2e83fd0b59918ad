using System.Collections.Frozen;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue;

/// <summary>The functions of the server's own schemas that were reviewed: the embedded ReviewedFunctions.txt, which also says why.</summary>
public sealed class ReviewedFunctions
{
    private readonly FrozenDictionary<string, FunctionReview> _byName;
    private readonly FrozenDictionary<string, string> _printedColumns;
    private readonly FrozenSet<string> _informationSchema;

    private ReviewedFunctions(TextReader list)
    {
        var byName = new Dictionary<string, FunctionReview>(StringComparer.Ordinal);
        var printed = new Dictionary<string, string>(StringComparer.Ordinal);
        var informationSchema = new HashSet<string>(StringComparer.Ordinal);
        var section = "";
        while (list.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.Length == 0)
                continue;
            if (line[0] == '[')
            {
                section = line.Trim('[', ']');
                continue;
            }
            foreach (var entry in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var (name, column) = section == "prints" && entry.Split('=') is [var left, var right] ? (left, right) : (entry, "");
                if (section == "information_schema")
                {
                    informationSchema.Add(name);
                    continue;
                }
                byName.Add(name, ReviewOf(section));
                if (section == "prints")
                    printed.Add(name, column);
            }
        }
        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        _printedColumns = printed.ToFrozenDictionary(StringComparer.Ordinal);
        _informationSchema = informationSchema.ToFrozenSet(StringComparer.Ordinal);
    }

    public static ReviewedFunctions Shipped { get; } = Read("ReviewedFunctions.txt");

    /// <summary>Those of MySQL and MariaDB, all of them without a schema.</summary>
    public static ReviewedFunctions MySql { get; } = Read("MySqlFunctions.txt");

    public static ReviewedFunctions Of(SqlDialect dialect) => dialect is SqlDialect.MySql ? MySql : Shipped;

    /// <summary>All names reviewed for pg_catalog.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>The review of a function of pg_catalog.</summary>
    public FunctionReview this[string name] => _byName.GetValueOrDefault(name);

    /// <summary>For <see cref="FunctionReview.Prints"/>: the column of pg_catalog whose text it prints.</summary>
    public (string Relation, string Column) PrintedColumn(string name) =>
        _printedColumns[name].Split('.') is [var relation, var column] ? (relation, column) : throw new InvalidDataException(name);

    public bool IsCleanInInformationSchema(string name) => _informationSchema.Contains(name);

    private static FunctionReview ReviewOf(string section) => section switch
    {
        "clean" => FunctionReview.Clean,
        "prints" => FunctionReview.Prints,
        "signals" => FunctionReview.Signals,
        "settings" => FunctionReview.Setting,
        "masked" => FunctionReview.Masked,
        "internal" => FunctionReview.None,
        _ => throw new InvalidDataException($"unknown section '{section}' in the reviewed functions"),
    };

    private static ReviewedFunctions Read(string name)
    {
        using var reader = EmbeddedText.Open(name);
        return new ReviewedFunctions(reader);
    }
}
