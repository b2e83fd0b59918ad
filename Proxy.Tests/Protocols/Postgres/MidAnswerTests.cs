using System.IO.Pipelines;
using NUnit.Framework;
using Proxy.Protocols;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres;
using Proxy.Tests.Support;
using Replies = Proxy.Tests.Support.PostgresReplies;
using Requests = Proxy.Tests.Support.PostgresRequests;

namespace Proxy.Tests.Protocols.Postgres;

/// <summary>Where an answer has been cut by what was received at once: only among rows is it sure that more follows.</summary>
public sealed class MidAnswerTests
{
    private static readonly byte[] Columns = Replies.RowDescription(("n", 0, 0, 23, 0));
    private static readonly byte[] Row = Replies.TextRow("1");
    private static readonly byte[] Whole = [.. Columns, .. Row, .. Row, .. Replies.CommandComplete("SELECT 2"), .. Replies.ReadyForQuery()];

    [Test]
    public async Task Behind_a_row_more_follows_and_behind_anything_else_it_is_not_said([Range(1, 60)] int cut)
    {
        using var dialect = ScriptedDialect.Create();
        var toServer = new Outbound(new Pipe().Writer);
        var query = Requests.Query("select 1 as n");
        toServer.Begin(query);
        var request = dialect.TakeRequests(query, toServer);
        if (request.Wait is RequestWait.Analysis)
        {
            await dialect.AwaitAsync(request.Wait, CancellationToken.None);
            request = dialect.TakeRequests(query, toServer);
        }
        Assert.That(request.Consumed, Is.EqualTo(query.Length));

        var first = Take(dialect, Whole[..cut]);
        var rows = cut >= Columns.Length + Row.Length && first.Consumed <= Columns.Length + (2 * Row.Length);
        Assert.That(first.IsMidAnswer, Is.EqualTo(rows), $"the first {cut} bytes");
        Assert.That(Take(dialect, Whole[first.Consumed..]).IsMidAnswer, Is.False, "all of it");
    }

    private static ReplyStep Take(PostgresDialect dialect, byte[] received)
    {
        var toClient = new Outbound(new Pipe(new PipeOptions(pauseWriterThreshold: 0)).Writer);
        toClient.Begin(received);
        return dialect.TakeReplies(received, toClient);
    }
}
