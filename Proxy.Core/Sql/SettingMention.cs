namespace Proxy.Core.Sql;

/// <summary>
/// A session setting that a statement reads or changes (SET, RESET, SHOW, set_config with literal arguments).
/// <see cref="Value"/> is null for RESET, SHOW, DEFAULT, and for a value that is not a literal; <see cref="IsLiteral"/> tells these apart.
/// </summary>
public readonly record struct SettingMention(string Name, string? Value, bool IsChanged, bool IsLiteral, bool IsLocal)
{
    /// <summary>The value is added to what the setting has: sql_mode = concat(@@sql_mode, ',STRICT_TRANS_TABLES'), as drivers send it when they connect.</summary>
    public bool IsAddition { get; init; }

    /// <summary>A value may be anything a client invents.</summary>
    public override string ToString() => Name;
}
