using Proxy.Bench.Servers;

namespace Proxy.Bench.Demo;

/// <summary>What every step of the demonstration works with.</summary>
/// <param name="Server">The throwaway PostgreSQL.</param>
/// <param name="Gateway">PhiGate in front of it.</param>
/// <param name="Direct">The application's own login, without PhiGate.</param>
/// <param name="Agent">Through PhiGate, shown the profile redacted.</param>
/// <param name="Researcher">Through PhiGate, shown the profile pseudonymous.</param>
/// <param name="Console">Where it is shown.</param>
/// <param name="Promises">What is claimed.</param>
internal sealed record Stage(
    ThrowawayPostgres Server, Gateway Gateway, Endpoint Direct, Endpoint Agent, Endpoint Researcher, DemoConsole Console, Promises Promises)
{
    /// <summary>Runs psql with commands and SQL, and returns what it printed on both outputs.</summary>
    public async Task<Command> PsqlAsync(Endpoint endpoint, CancellationToken cancellationToken, params IReadOnlyList<string> commands)
    {
        string[] program = [Path.Combine(Server.Binaries, "psql"), "-X", "-q", "-P", "pager=off", .. commands.SelectMany(text => new[] { "-c", text })];
        return await Command.RunAsync(program, endpoint.Environment(tls: true), null, cancellationToken);
    }
}
