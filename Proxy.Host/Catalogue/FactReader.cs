using Npgsql;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Host.Catalogue;

/// <summary>Reads the results of one batch in turn. Names repeat a lot (id, public, integer): each is kept once.</summary>
internal sealed class FactReader(NpgsqlDataReader reader, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private bool _started;

    public static string? TextOrNull(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : row.GetString(ordinal);

    public static RelationLink Link(NpgsqlDataReader row) => new(row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1));

    public string Intern(string name)
    {
        if (_names.TryGetValue(name, out var known))
            return known;
        _names.Add(name, name);
        return name;
    }

    public CodeFact Code(CodeKind kind, NpgsqlDataReader row, bool isHarmless, bool takesOneRow) =>
        new(kind, Intern(row.GetString(0)), Intern(row.GetString(1)), TextOrNull(row, 2), isHarmless, takesOneRow);

    /// <summary>All rows of the next result.</summary>
    public async Task<List<T>> NextAsync<T>(Func<NpgsqlDataReader, T> read)
    {
        if (_started && !await reader.NextResultAsync(cancellationToken))
            throw new InvalidOperationException("the batch has fewer results than its reader asks for");
        _started = true;
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }
}
