namespace Proxy.Tests.Support;

public sealed record PostgresServerOptions
{
    public PostgresVersion Version { get; init; } = PostgresVersion.V15;

    public int MaxConnections { get; init; } = 100;

    /// <summary>Refuses connections without TLS (hostssl in pg_hba.conf).</summary>
    public bool RequireTls { get; init; }

    /// <summary>Lines of pg_hba.conf that come before those of <see cref="TestUser"/>; each with its end of line.</summary>
    public string FirstAuthenticationRules { get; init; } = "";

    /// <summary>Every statement with its parameters into a CSV log, for <see cref="PostgresServer.ReadStatementLogAsync"/>.</summary>
    public bool LogStatements { get; init; }

    /// <summary>Further lines of postgresql.conf.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
