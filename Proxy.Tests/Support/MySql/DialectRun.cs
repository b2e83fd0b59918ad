using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Proxy.Core.Policy;
using Proxy.Protocols;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Tests.Support.MySql;

/// <summary>A dialect without sockets: commands in, bytes for the server out; replies in, whole or in pieces, bytes for the client out.</summary>
internal sealed class DialectRun : IDisposable
{
    private readonly MySqlDialect _dialect;
    // Nobody reads while a step is taken: a pipe that waits for its reader would wait for ever.
    private readonly Pipe _toServer = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe _toClient = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Outbound _server;
    private readonly Outbound _client;
    private byte[] _rest = [];

    public DialectRun(bool masks, uint capabilities)
    {
        _server = new Outbound(_toServer.Writer);
        _client = new Outbound(_toClient.Writer);
        _dialect = NewDialect(masks, capabilities);
    }

    /// <summary>A session in which everything is allowed, and shown or masked whole.</summary>
    public static MySqlDialect NewDialect(bool masks, uint capabilities)
    {
        var facts = new MySqlSessionFacts
        {
            Capabilities = (Capabilities)capabilities,
            Principal = new Principal { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue },
            Target = "test",
            Database = "db",
            RequestedDatabase = "test/db",
            SetupText = Encoding.ASCII.GetBytes("SET SESSION sql_mode=''"),
            IsUtf8 = true,
            Threads = new ThreadNumbers(),
        };
        return new MySqlDialect(
            Guid.NewGuid(), facts, new LenientFrontEnd(), new LenientJudge(masks), new AcceptingJournal(), ServerStatus.AutoCommit,
            new Limits { RefusalsMax = int.MaxValue, RepeatedRefusalsMax = int.MaxValue }, TimeProvider.System);
    }

    /// <summary>Not None once a violation has ended the session.</summary>
    public SessionEnd End { get; private set; }

    public string? Violation => _dialect.Violation;

    /// <summary>How many of the bytes that <see cref="RequestAsync"/> was given last were taken.</summary>
    public int Consumed { get; private set; }

    /// <summary>What the server gets of these bytes of the client.</summary>
    public async Task<byte[]> RequestAsync(byte[] bytes)
    {
        var rest = bytes.ToArray().AsMemory();
        Consumed = 0;
        while (true)
        {
            _server.Begin(rest);
            var step = _dialect.TakeRequests(rest, _server);
            await _server.FlushAsync(CancellationToken.None);
            rest = rest[step.Consumed..];
            Consumed += step.Consumed;
            if (step.Wait is RequestWait.End) End = step.End;
            if (step.Wait is not RequestWait.Analysis) return Take(_toServer);
            await _dialect.AwaitAsync(step.Wait, CancellationToken.None);
        }
    }

    /// <summary>What the client gets of these bytes of the server.</summary>
    public async Task<byte[]> ReplyAsync(byte[] bytes)
    {
        byte[] received = [.. _rest, .. bytes];
        _client.Begin(received);
        var step = _dialect.TakeReplies(received, _client);
        await _client.FlushAsync(CancellationToken.None);
        _rest = received[step.Consumed..];
        if (step.End is not SessionEnd.None) End = step.End;
        return Take(_toClient);
    }

    public void Dispose() => _dialect.Dispose();

    private static byte[] Take(Pipe pipe)
    {
        if (!pipe.Reader.TryRead(out var read)) return [];
        var bytes = read.Buffer.ToArray();
        pipe.Reader.AdvanceTo(read.Buffer.End);
        return bytes;
    }
}
