namespace Proxy.Core.Policy;

/// <summary>What a rule sets on sessions of those it is about. Null leaves the server's own setting.</summary>
public sealed record SessionSettings
{
    public static SessionSettings None { get; } = new();

    /// <summary>Transactions are read only (default_transaction_read_only), and the setting cannot be changed back.</summary>
    public bool ReadOnly { get; init; }
    public int? StatementTimeoutMs { get; init; }
    public int? LockTimeoutMs { get; init; }
    public int? IdleInTransactionTimeoutMs { get; init; }

    /// <summary>The session is ended by the gateway when it has been idle this long.</summary>
    public int? IdleSessionTimeoutSeconds { get; init; }
}
