namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>
/// The names that one WITH brings into scope. Without RECURSIVE a common table expression sees only those before it, so that in
/// <c>WITH patients AS (SELECT … FROM patients)</c> the inner name is the table.
/// </summary>
/// <param name="Parent">The scope around it, or -1.</param>
/// <param name="With">The entry of the WITH clause.</param>
/// <param name="Before">Only expressions at entries before this one are visible.</param>
internal readonly record struct WithScope(int Parent, int With, int Before);
