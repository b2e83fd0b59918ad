namespace Proxy.Tests.Support;

public sealed record MariaDbServerOptions
{
    public int MaxConnections { get; init; } = 100;

    /// <summary>Every command into the table mysql.general_log, for <see cref="MariaDbServer.ReadStatementLogAsync"/>.</summary>
    public bool LogStatements { get; init; }

    /// <summary>Further options of mariadbd, without the dashes in front.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
