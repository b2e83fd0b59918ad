using System.Collections.Frozen;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Sql.Postgres;
using Proxy.Protocols;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres;
using Proxy.Tests.Support;

namespace Proxy.Tests.Fuzz;

/// <summary>
/// The real dialect with the real parser, judge and masks between two memory buffers, driven as <see cref="Session"/> drives it, one side after the
/// other. Everything that must hold for any input is asserted here.
/// </summary>
internal sealed class FuzzedSession : IDisposable
{
    /// <summary>Steps that take nothing and wait for nothing: more than one is an endless loop.</summary>
    private const int IdleStepsMax = 2;

    private static readonly ServerGreeting Greeting = new(
        [], new Dictionary<string, string> { ["application_name"] = "", ["DateStyle"] = "ISO, MDY" }.ToFrozenDictionary(), new CancelTicket(1, [1, 2, 3, 4]));

    private static readonly Principal Agent = new() { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };
    private static readonly MaskingKeys Keys = new(new byte[32]);

    private readonly PostgresDialect _dialect;
    private readonly CollectingOutput _client = new();
    private readonly CollectingOutput _server = new();
    private readonly Outbound _toClient;
    private readonly Outbound _toServer;
    private byte[] _requests = [];
    private byte[] _replies = [];
    private Task _waiting = Task.CompletedTask;

    public FuzzedSession(PostgresFrontEnd frontEnd, MaskProfile profile, Limits limits)
    {
        _toClient = new Outbound(_client);
        _toServer = new Outbound(_server);
        var judge = new SessionJudge(
            Agent, "test", "test", new SwitchablePolicy(GatewayHarness.Masked(profile)), FuzzCatalogue.Instance, new MaskPlanner(Keys), TimeProvider.System);
        _dialect = new PostgresDialect(Guid.Empty, frontEnd, judge, Journal, Greeting, limits, TimeProvider.System);
    }

    public MemoryJournal Journal { get; } = new();

    public SessionEnd End { get; private set; }

    public ReadOnlySpan<byte> ShownToClient => _client.Written;

    public byte[] TakeSentToServer() => _server.Take();

    /// <summary>The client sends something.</summary>
    public async Task RequestAsync(byte[] bytes)
    {
        _requests = [.. _requests, .. bytes];
        await TakeRequestsAsync();
    }

    /// <summary>The server sends something.</summary>
    public async Task ReplyAsync(byte[] bytes)
    {
        if (End is not SessionEnd.None) return;
        _replies = [.. _replies, .. bytes];
        await TakeRepliesAsync();
        await TakeRequestsAsync();
    }

    /// <summary>The last words that a session which ends like this has for its client.</summary>
    public ReadOnlyMemory<byte> FarewellFor(SessionEnd end) => _dialect.FarewellFor(end);

    /// <summary>Both have left: says the last words, as the session would.</summary>
    public void Finish()
    {
        var end = End is SessionEnd.None ? SessionEnd.ServerClosed : End;
        _dialect.Close(end);
        var farewell = _dialect.FarewellFor(end);
        if (farewell.IsEmpty) return;
        AssertWholeFrames(_client.Written, "the last words came in the middle of a message");
        AssertWholeFrames(farewell.Span, "the last words are no message");
    }

    public void Dispose() => _dialect.Dispose();

    private async Task TakeRequestsAsync()
    {
        for (var idle = 0; End is SessionEnd.None && _waiting.IsCompleted;)
        {
            Memory<byte> memory = _requests.ToArray();
            _toServer.Begin(memory);
            var step = _dialect.TakeRequests(memory, _toServer);
            await _toServer.FlushAsync(CancellationToken.None);
            Assert.That(step.Consumed, Is.InRange(0, memory.Length));
            _requests = _requests[step.Consumed..];
            if (step.WakesReplies) await TakeRepliesAsync();
            if (step.Wait is RequestWait.End && End is SessionEnd.None) End = step.End;
            if (step.Wait is RequestWait.Bytes or RequestWait.End) return;
            idle = step.Consumed > 0 ? 0 : idle + 1;
            Assert.That(idle, Is.LessThanOrEqualTo(IdleStepsMax), $"requests wait for {step.Wait} for ever");
            var waiting = _dialect.AwaitAsync(step.Wait, CancellationToken.None);
            if (step.Wait is RequestWait.Analysis) await waiting;
            else _waiting = waiting;
        }
    }

    private async Task TakeRepliesAsync()
    {
        if (End is not SessionEnd.None) return;
        Memory<byte> memory = _replies.ToArray();
        _toClient.Begin(memory);
        var step = _dialect.TakeReplies(memory, _toClient);
        await _toClient.FlushAsync(CancellationToken.None);
        Assert.That(step.Consumed, Is.InRange(0, memory.Length));
        _replies = _replies[step.Consumed..];
        End = step.End;
    }

    private static void AssertWholeFrames(ReadOnlySpan<byte> bytes, string otherwise)
    {
        while (!bytes.IsEmpty)
        {
            Assert.That(PostgresFraming.TryReadHeader(bytes, out _, out var length), Is.EqualTo(FrameStatus.Complete), otherwise);
            bytes = bytes[length..];
        }
    }
}
