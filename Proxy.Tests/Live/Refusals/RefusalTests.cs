using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Protocols;
using Proxy.Tests.Live.Model;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Refusals;

/// <summary>
/// A refusal looks to the client, and is to the server, as an error of that message would be: every refused message in every situation, compared
/// with a run in which a message of the same kind really fails there.
/// </summary>
public sealed class RefusalTests
{
    private PostgresServer _server = null!;
    private DialectHarness _harness = null!;
    private string _beside = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await SharedServers.PostgresAsync();
        (var behind, _beside) = await ModelDatabase.CreateAsync(_server, schemas: 1);
        _harness = await DialectHarness.StartAsync(_server, behind, Policy, ModelDatabase.Classifier, new Limits
        {
            MessageBytesMax = RefusalTable.MessageBytesMax,
            PreparedStatementsMax = RefusalTable.PreparedStatementsMax,
            RefusalsMax = int.MaxValue,
            RepeatedRefusalsMax = int.MaxValue,
        });
    }

    [OneTimeTearDown]
    public Task End() => _harness.DisposeAsync().AsTask();

    [TearDown]
    public void Recover() => Set(RefusedCause.Message);

    [TestCaseSource(nameof(Cases))]
    public async Task A_refusal_is_what_an_error_in_its_place_would_be(Situation situation, RefusedMessage message)
    {
        var path = new KeyValuePair<string, string>("search_path", "w0, public");
        await using var session = await _harness.OpenAsync(path);
        var (connection, _) = await DialectHarness.OpenDirectAsync(_server, _beside, path);
        await using var direct = connection;
        var gateway = new ModelPlayer(session.Client, isGateway: true, TimeSpan.FromSeconds(30));
        var server = new ModelPlayer(direct, isGateway: false, TimeSpan.FromSeconds(30));
        async Task<IReadOnlyList<WireFrame>> PlayAsync(params ModelStep[] steps)
        {
            foreach (var step in steps)
                await Task.WhenAll(gateway.PlayAsync(step), server.PlayAsync(step));
            var frames = gateway.TakeFrames();
            Assert.That(ModelFrames.Difference(frames, server.TakeFrames()), Is.Null, session.Reason);
            return frames;
        }

        await PlayAsync(situation.Before);
        if (message.Before.Length > 0) await PlayAsync(new ModelStep(ModelAction.Send, "", message.Before, message.Before), new ModelStep(ModelAction.FlushBarrier, "", [], []));
        Set(message.Cause);
        var refusals = (await PlayAsync(new ModelStep(ModelAction.Barrier, "", message.Gateway, message.Direct))).Where(ModelFrames.IsRefusal).ToList();
        var told = gateway.Status;
        Set(RefusedCause.Message);

        if (!situation.IsSkipped)
            Assert.That(
                refusals.Select(frame => (frame.Field('S'), frame.Field('C'), frame.Field('D')!.Split(' ')[1], frame.Field('H')?.Length > 0)),
                Is.EqualTo([("ERROR", message.SqlState, $"code={message.Code}", true)]));
        // What comes next finds the server in the state that the client was told, and what was asked before is there or gone as behind an error.
        await PlayAsync(RefusalTable.Wait(PostgresRequests.Query("insert into log (what) values ('after')")));
        Assert.That(told, Is.EqualTo(gateway.Status), "the state that the client was told");
        await PlayAsync(
            RefusalTable.Wait(PostgresRequests.Query("rollback to a")), RefusalTable.Wait(PostgresRequests.Query("commit")),
            RefusalTable.Wait(PostgresRequests.Query("select what from log order by id; select n from secret; delete from log; select setval('log_id_seq', 1, false)")));
    }

    private static AccessPolicy Policy { get; } = new(
        [
            new AccessRule { Name = "approval", Risk = new RiskCondition { AnyOf = RiskClasses.Administrative }, Verdict = Verdict.Hold },
            .. ModelDatabase.Policy.Rules,
        ],
        "refusals");

    private static IEnumerable<TestCaseData> Cases() =>
        from situation in RefusalTable.Situations
        from message in RefusalTable.Messages
        where message.Fits(situation) && (situation.IsAnswered || message.Cause is RefusedCause.Message)
        select new TestCaseData(situation, message).SetArgDisplayNames(message.Name, situation.Name);

    private void Set(RefusedCause cause)
    {
        _harness.Journal.IsFull = cause is RefusedCause.JournalFull;
        _harness.Catalogue.IsFresh = cause is not RefusedCause.CatalogueStale;
        _harness.Policy.Current = cause is RefusedCause.PolicyChanged ? AccessPolicy.RefuseEverything : Policy;
    }
}
