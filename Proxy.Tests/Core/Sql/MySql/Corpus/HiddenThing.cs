using Proxy.Core.Sql;

namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>A relation or a column that one account may not read.</summary>
/// <param name="Account">Its name.</param>
/// <param name="Relation">The relation, or null.</param>
/// <param name="Column">The column, or null; no two relations have one of that name.</param>
/// <param name="Grants">What the account may read, as statements between semicolons.</param>
internal sealed record HiddenThing(string Account, string? Relation, string? Column, string Grants)
{
    /// <summary>It may change everything that it can see: only what is read is judged.</summary>
    public IEnumerable<string> Statements(string password)
    {
        yield return $"create user {Account}@'%' identified via mysql_native_password using password('{password}')";
        foreach (var grant in Grants.Split("; "))
            yield return grant;
        foreach (var table in new[] { "patients", "visits" })
            if (table != Relation)
                yield return $"grant insert, update, delete on fuzz.{table} to {Account}";
        yield return $"grant create temporary tables on fuzz.* to {Account}";
    }

    public bool IsSeenIn(StatementReading reading)
    {
        if (Column is not null)
            return reading.Columns.IsDefault || reading.Columns.Contains(Column) || reading.Columns.Contains("*");
        return reading.Relations.Any(mention => string.Equals(mention.Name.Name, Relation, StringComparison.OrdinalIgnoreCase));
    }
}
