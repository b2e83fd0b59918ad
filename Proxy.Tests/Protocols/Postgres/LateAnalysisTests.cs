using System.IO.Pipelines;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Protocols;
using Proxy.Protocols.Buffers;
using Proxy.Tests.Support;

namespace Proxy.Tests.Protocols.Postgres;

/// <summary>Texts that are read on another thread, while replies go on coming.</summary>
public sealed class LateAnalysisTests
{
    [Test]
    public async Task What_was_read_for_a_text_that_was_swallowed_since_is_not_believed_of_the_next_one()
    {
        using var dialect = ScriptedDialect.Create(new SlowFrontEnd());
        var toServer = new Outbound(new Pipe().Writer);
        var toClient = new Outbound(new Pipe().Writer);
        // Execute fails at the server while the gateway reads the harmless text behind it.
        byte[] first = [.. PostgresRequests.Execute("missing"), .. PostgresRequests.Query("harmless")];
        var step = Take(dialect, first, toServer);
        Assert.That(step.Wait, Is.EqualTo(RequestWait.Analysis));
        await dialect.AwaitAsync(step.Wait, CancellationToken.None);
        byte[] error = [.. PostgresReplies.CloseComplete(), .. PostgresReplies.Error("34000", "portal does not exist")];
        toClient.Begin(error);
        dialect.TakeReplies(error, toClient);
        Assert.That(Take(dialect, first[step.Consumed..], toServer).Wait, Is.EqualTo(RequestWait.Bytes), "swallowed");

        byte[] second = [.. PostgresRequests.Sync(), .. PostgresRequests.Query("terrible")];
        step = Take(dialect, second, toServer);

        Assert.That(step.Wait, Is.EqualTo(RequestWait.Analysis), "the second text is read, too");
    }

    private static RequestStep Take(Proxy.Protocols.Postgres.PostgresDialect dialect, byte[] bytes, Outbound toServer)
    {
        toServer.Begin(bytes);
        return dialect.TakeRequests(bytes, toServer);
    }

    /// <summary>Reads nothing at once.</summary>
    private sealed class SlowFrontEnd : ISqlFrontEnd
    {
        public bool TryAnalyse(ReadOnlySpan<byte> text, out StatementAnalysis analysis)
        {
            analysis = null!;
            return false;
        }

        public ValueTask<StatementAnalysis> AnalyseAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new StatementAnalysis { Status = AnalysisStatus.Read, Fingerprint = 1 });
    }
}
