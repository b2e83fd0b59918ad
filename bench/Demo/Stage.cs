using Proxy.Bench.Servers;

namespace Proxy.Bench.Demo;

/// <summary>What every step of the demonstration works with.</summary>
/// <param name="Server">The throwaway PostgreSQL.</param>
/// <param name="Gateway">PhiGate in front of both servers.</param>
/// <param name="Postgres">The ways to the hospital in PostgreSQL.</param>
/// <param name="MariaDb">The ways to the same hospital in MariaDB.</param>
/// <param name="Console">Where it is shown.</param>
/// <param name="Promises">What is claimed.</param>
internal sealed record Stage(ThrowawayPostgres Server, Gateway Gateway, Doors Postgres, Doors MariaDb, DemoConsole Console, Promises Promises)
{
    public Endpoint Direct => Postgres.Direct;

    public Endpoint Agent => Postgres.Agent;

    public Endpoint Researcher => Postgres.Researcher;

    /// <summary>Runs psql with commands and SQL, and returns what it printed on both outputs.</summary>
    public async Task<Command> PsqlAsync(Endpoint endpoint, CancellationToken cancellationToken, params IReadOnlyList<string> commands)
    {
        string[] program = [Path.Combine(Server.Binaries, "psql"), "-X", "-q", "-P", "pager=off", .. commands.SelectMany(text => new[] { "-c", text })];
        return await Command.RunAsync(program, endpoint.Environment(tls: true), null, cancellationToken);
    }

    /// <summary>Runs the mariadb command line client with a statement, and returns what it printed on both outputs.</summary>
    /// <param name="endpoint">Where to ask.</param>
    /// <param name="statement">What to ask.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="form">Of the answer.</param>
    public static async Task<Command> MariaDbAsync(Endpoint endpoint, string statement, CancellationToken cancellationToken, params string[] form)
    {
        string[] program = [InstalledProgram.Require("mariadb"), .. endpoint.MariaDbArguments(), .. form, $"--execute={statement}"];
        return await Command.RunAsync(program, endpoint.MariaDbEnvironment(), null, cancellationToken);
    }
}
