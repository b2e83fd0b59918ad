using System.IO.Pipelines;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;

namespace Proxy.Tests.Support;

/// <summary>One session behind its start-up: the client is in the test process, the server is real, and the dialect can be asked what it believes.</summary>
public sealed class DialectSession : IAsyncDisposable
{
    private readonly DuplexPipePair _client = new();
    private readonly IConnection _server;
    private readonly Session _session;

    internal DialectSession(IConnection server, PostgresDialect dialect)
    {
        _server = server;
        Dialect = dialect;
        _session = new Session(_client.Near, server, dialect);
        Ended = _session.RunAsync(CancellationToken.None);
    }

    public PostgresDialect Dialect { get; }

    /// <summary>The client's end.</summary>
    public IDuplexPipe Client => _client.Far;

    public Task<SessionEnd> Ended { get; }

    /// <summary>Why it ended, for a failure message.</summary>
    public string Reason => $"{(Ended.IsCompleted ? Ended.Status.ToString() : "alive")} {Dialect.Violation} {_session.Fault}";

    /// <summary>Lets the reply relay look for something to say.</summary>
    public void Wake() => _session.Wake();

    public async ValueTask DisposeAsync()
    {
        await _client.Far.Output.CompleteAsync();
        await Ended;
        await _server.DisposeAsync();
        await _client.DisposeAsync();
        Dialect.Dispose();
    }
}
