using System.Text;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Tests.Live.Model;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live;

/// <summary>EXECUTE and FETCH show what the name means when they run, not what it meant when they were judged.</summary>
public sealed class RedefinedNamesTests
{
    private DialectHarness _harness = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, "create table patient (name text); insert into patient values ('ada'); grant select on patient to public");
        _harness = await DialectHarness.StartAsync(server, database, GatewayHarness.Masked(MaskProfile.Redacted), new EverythingIsPhi());
    }

    [OneTimeTearDown]
    public Task End() => _harness.DisposeAsync().AsTask();

    [TestCase("declare c cursor with hold for select 'shown'::text", "fetch all from c", "close c; declare c cursor with hold for select upper(name) from patient; fetch all from c")]
    [TestCase("prepare s as select 'shown'::text", "execute s", "deallocate s; prepare s as select upper(name) from patient; execute s")]
    [TestCase("prepare s as select 'shown'::text", "execute s", "deallocate all; prepare s as select upper(name) from patient; execute s")]
    public async Task Within_one_text(string define, string run, string redefineAndRun)
    {
        await using var session = await _harness.OpenAsync();
        var client = new ModelPlayer(session.Client, isGateway: true, TimeSpan.FromSeconds(30));

        var before = await PlayAsync(client, PostgresRequests.Query(define), PostgresRequests.Query(run));
        var after = await PlayAsync(client, PostgresRequests.Query(redefineAndRun));

        Assert.That(before, Does.Contain("shown"));
        Assert.That(after, Does.Not.Contain("ADA").And.Contain("ZI"));
    }

    [TestCase("declare c cursor with hold for select 'shown'::text", "fetch all from c", "close c", "declare c cursor with hold for select upper(name) from patient")]
    [TestCase("prepare s as select 'shown'::text", "execute s", "deallocate s", "prepare s as select upper(name) from patient")]
    public async Task Between_Parse_and_Bind(string define, string run, string drop, string redefine)
    {
        await using var session = await _harness.OpenAsync();
        var client = new ModelPlayer(session.Client, isGateway: true, TimeSpan.FromSeconds(30));
        byte[] execute = [.. PostgresRequests.Bind("", "run"), .. PostgresRequests.Execute("", 1)];

        var before = await PlayAsync(client, PostgresRequests.Query(define), PostgresRequests.Parse("run", run), execute);
        var after = await PlayAsync(client, PostgresRequests.Query(drop), PostgresRequests.Query(redefine), execute);

        Assert.That(before, Does.Contain("shown"));
        Assert.That(after, Does.Not.Contain("ADA").And.Contain("D"));
    }

    [TestCase("declare c cursor for select 'shown'::text", "fetch all from c", "close c", "declare c cursor for select upper(name) from patient")]
    [TestCase("prepare s as select 'shown'::text", "execute s", "deallocate s", "prepare s as select upper(name) from patient")]
    public async Task Between_Bind_and_Execute(string define, string run, string drop, string redefine)
    {
        await using var session = await _harness.OpenAsync();
        var client = new ModelPlayer(session.Client, isGateway: true, TimeSpan.FromSeconds(30));

        await PlayAsync(client, PostgresRequests.Query("begin"), PostgresRequests.Query(define), PostgresRequests.Parse("run", run), PostgresRequests.Bind("p", "run"));
        var after = await PlayAsync(client, PostgresRequests.Query(drop), PostgresRequests.Query(redefine), PostgresRequests.Execute("p"));

        Assert.That(after, Does.Not.Contain("ADA").And.Contain("phigate code=statement-opaque").And.Contain("ZE"));
    }

    /// <summary>
    /// The last statement of a text has its reply only behind the commit. When the commit fails, a PREPARE is there and nobody has confirmed it: the
    /// client was told of a failure, so for the protocol there is no such name, and EXECUTE shows nothing as it is.
    /// </summary>
    [Test]
    public async Task A_PREPARE_whose_commit_failed_is_no_name_for_the_protocol_and_refused_for_EXECUTE()
    {
        await using var session = await _harness.OpenAsync();
        var client = new ModelPlayer(session.Client, isGateway: true, TimeSpan.FromSeconds(30));
        const string failsAtCommit = "declare c cursor with hold for select 1 / (n - 2) from generate_series(1, 3) n; ";

        var failed = await PlayAsync(client, PostgresRequests.Query(failsAtCommit + "prepare s as select upper(name) from patient"));
        var executed = await PlayAsync(client, PostgresRequests.Query("execute s"));
        var bound = await PlayAsync(client, PostgresRequests.Bind("", "s"), PostgresRequests.Execute(""));

        Assert.That(failed, Does.Contain("22012"));
        Assert.That(executed, Does.Not.Contain("ADA").And.Contain("inference-refused"));
        Assert.That(bound, Does.Not.Contain("ADA").And.Contain("26000"));
    }

    /// <summary>What came, readable: types, transaction states, and the text of rows and errors.</summary>
    private static async Task<string> PlayAsync(ModelPlayer client, params byte[][] messages)
    {
        byte[] bytes = [.. messages.SelectMany(message => message)];
        await client.PlayAsync(new ModelStep(ModelAction.Barrier, "", bytes, bytes));
        return string.Join("\n", client.TakeFrames().Select(frame => frame.Type + Encoding.UTF8.GetString(frame.Body)));
    }

    private sealed class EverythingIsPhi : IColumnClassifier
    {
        public IdentifierClass Classify(string schema, string table, string column, string typeName) => IdentifierClass.Unreviewed;
    }
}
