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
    private readonly Action _revoke;

    internal DialectSession(IConnection server, CancelTicket key, CancelTicket serverKey, Action revoke, PostgresDialect dialect)
    {
        _server = server;
        _revoke = revoke;
        Key = key;
        ServerKey = serverKey;
        Dialect = dialect;
        _session = new Session(_client.Near, server, dialect);
        Ended = _session.RunAsync(CancellationToken.None);
    }

    public PostgresDialect Dialect { get; }

    /// <summary>With which the client can cancel.</summary>
    public CancelTicket Key { get; }

    /// <summary>With which the gateway can cancel at the server.</summary>
    public CancelTicket ServerKey { get; }

    /// <summary>The client's end.</summary>
    public IDuplexPipe Client => _client.Far;

    public Task<SessionEnd> Ended { get; }

    /// <summary>Why it ended, for a failure message.</summary>
    public string Reason => $"{(Ended.IsCompleted ? Ended.Status.ToString() : "alive")} {Dialect.Violation} {_session.Fault}";

    /// <summary>Lets the reply relay look for something to say.</summary>
    public void Wake() => _session.Wake();

    public async ValueTask DisposeAsync()
    {
        _revoke();
        await _client.Far.Output.CompleteAsync();
        await Ended;
        await _server.DisposeAsync();
        await _client.DisposeAsync();
        Dialect.Dispose();
    }
}
