using System.Globalization;
using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>
/// What a rule sets on sessions of those it is about. Null leaves the server's own setting. In PostgreSQL they go into the start-up packet, behind
/// whatever the client asked for: RESET, DEFAULT and DISCARD ALL go back to them. In MySQL they are set when the session begins, and DEFAULT would be the
/// server's own value.
/// </summary>
public sealed record SessionSettings
{
    public static SessionSettings None { get; } = new();

    /// <summary>Whom sessions arrive as at the server, of the users that the target names; null: as its usual one.</summary>
    public string? DatabaseUser { get; init; }

    /// <summary>Transactions are read only (default_transaction_read_only), and the setting cannot be changed back.</summary>
    public bool ReadOnly { get; init; }
    /// <summary>A text of several statements is refused whole, whatever they are. A MySQL session has this as it was when the session began.</summary>
    public bool OneStatementPerText { get; init; }
    public int? StatementTimeoutMs { get; init; }
    public int? LockTimeoutMs { get; init; }
    public int? IdleInTransactionTimeoutMs { get; init; }

    /// <summary>The session is ended by the gateway when it has been idle this long.</summary>
    public int? IdleSessionTimeoutSeconds { get; init; }

    /// <summary>
    /// Whether a change leaves what is imposed in force: a timeout may be shortened, a transaction made read only once more. A change of this
    /// transaction back to its default is not harmless: before PostgreSQL 16, RESET transaction_read_only makes it read write (guc.c).
    /// </summary>
    public bool Permits(in SettingMention change) => change.Name switch
    {
        _ when !change.IsChanged => true,
        "transaction_read_only" => !ReadOnly || IsOn(change.Value),
        "default_transaction_read_only" => !ReadOnly || IsDefault(change) || IsOn(change.Value),
        "statement_timeout" => IsDefault(change) || IsWithin(change.Value, StatementTimeoutMs),
        "lock_timeout" => IsDefault(change) || IsWithin(change.Value, LockTimeoutMs),
        "idle_in_transaction_session_timeout" => IsDefault(change) || IsWithin(change.Value, IdleInTransactionTimeoutMs),
        "tx_read_only" => !ReadOnly || IsOn(change.Value),
        "max_execution_time" => IsWithin(change.Value, StatementTimeoutMs, unit: 1),
        "max_statement_time" => IsWithin(change.Value, StatementTimeoutMs, unit: 1000),
        "innodb_lock_wait_timeout" or "lock_wait_timeout" => IsWithin(change.Value, LockTimeoutMs, unit: 1000),
        "idle_transaction_timeout" or "idle_readonly_transaction_timeout" or "idle_write_transaction_timeout" =>
            IsWithin(change.Value, IdleInTransactionTimeoutMs, unit: 1000),
        _ => true,
    };

    private static bool IsDefault(in SettingMention change) => change is { IsLiteral: true, Value: null };

    private static bool IsOn(string? value) =>
        value is not null && (value.Equals("on", StringComparison.OrdinalIgnoreCase) || value.Equals("true", StringComparison.OrdinalIgnoreCase)
            || value.Equals("yes", StringComparison.OrdinalIgnoreCase) || value is "1");

    /// <summary>MySQL's: decimal digits without a unit. Zero would switch the timeout off, and so would what is under a second where seconds are counted.</summary>
    private static bool IsWithin(string? value, int? milliseconds, int unit) =>
        milliseconds is not { } limit
        || (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted > 0 && (long)wanted * unit <= Math.Max(limit, unit));

    /// <summary>
    /// Decimal digits, and ms, s or min right behind them: what needs no more of a parser cannot be read in two ways. Zero would switch the timeout off.
    /// </summary>
    private static bool IsWithin(string? value, int? milliseconds)
    {
        if (milliseconds is not { } limit) return true;
        if (value is null) return false;
        var digits = value.AsSpan().TrimEnd("msin");
        var unit = value.AsSpan(digits.Length) switch { "" or "ms" => 1L, "s" => 1000, "min" => 60_000, _ => 0 };
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted * unit > 0 && wanted * unit <= limit;
    }
}
