namespace Proxy.Core.Sql;

/// <summary>A name as the statement spells it, after the dialect's case folding. <see cref="Schema"/> is null when unqualified.</summary>
public readonly record struct QualifiedName(string? Schema, string Name)
{
    public override string ToString() => Schema is null ? Name : $"{Schema}.{Name}";
}
