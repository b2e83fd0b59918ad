using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>One server with a statement log for the tests of this namespace: what was refused must not be in it.</summary>
[SetUpFixture]
public sealed class StatementLogServer
{
    private static Task<PostgresServer>? _starting;
    private static int _markers;

    public static Task<PostgresServer> Instance => _starting ??= PostgresServer.StartAsync(new PostgresServerOptions { LogStatements = true });

    /// <summary>Everything logged up to now. The log is written by another process, so a marker has to come by first.</summary>
    public static async Task<string> ReadAsync()
    {
        var server = await Instance;
        var marker = $"marker {Interlocked.Increment(ref _markers)} of the log";
        await server.ExecuteAsync("postgres", $"select '{marker}'");
        while (true)
        {
            var messages = (await server.ReadStatementLogAsync()).Select(statement => statement.Message).ToList();
            if (messages.Any(message => message.Contains(marker, StringComparison.Ordinal))) return string.Join('\n', messages);
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    [OneTimeTearDown]
    public async Task End()
    {
        if (_starting is not null) await (await _starting).DisposeAsync();
        _starting = null;
    }
}
