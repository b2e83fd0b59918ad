using NUnit.Framework;

namespace Proxy.Tests.Support.SelfTests;

public sealed class WireClientTests
{
    [TestCase(WireTls.None, PostgresVersion.V13)]
    [TestCase(WireTls.Requested, PostgresVersion.V15)]
    [TestCase(WireTls.Direct, PostgresVersion.V18)]
    public async Task It_logs_in_and_sees_the_exact_frames(WireTls tls, PostgresVersion version)
    {
        var server = await SharedServers.PostgresAsync(version);
        await using var client = await WireClient.OpenAsync(server.Endpoint("postgres", TestUser.Trust), tls);
        var frames = await client.QueryAsync("select 'seven'::text as name");
        Assert.That(frames, Is.EqualTo((WireFrame[])
        [
            new('T', PostgresReplies.RowDescription(("name", 0, 0, 25, 0))[5..]),
            new('D', PostgresReplies.TextRow("seven")[5..]),
            new('C', PostgresReplies.CommandComplete("SELECT 1")[5..]),
            new('Z', PostgresReplies.ReadyForQuery()[5..]),
        ]));
    }

    [TestCaseSource(nameof(PasswordUsers))]
    public async Task It_answers_password_requests(TestUser user)
    {
        var server = await SharedServers.PostgresAsync();
        await using var client = await WireClient.OpenAsync(server.Endpoint("postgres", user));
        Assert.That(client.ProcessId, Is.Positive);
    }

    [Test]
    public async Task A_scripted_server_plays_its_script()
    {
        await using var server = new ScriptedServer(static async session =>
        {
            await session.AcceptStartupAsync();
            await session.ReceiveUntilAsync('Q');
            await session.SendAsync(PostgresReplies.TextRow("half a row").AsMemory(0, 7));
            session.Reset();
        });
        await using var client = await WireClient.ConnectAsync("localhost", server.Port);
        await client.LogInAsync(PostgresRequests.Startup("anyone", "anything"), "anyone", "");
        await client.SendAsync(PostgresRequests.Query("select 1"));
        Assert.That(async () => await client.ReceiveAsync(), Throws.InstanceOf<IOException>());
        Assert.That(server.Failures, Is.Empty);
    }

    private static readonly TestUser[] PasswordUsers = [TestUser.Md5, TestUser.Cleartext];
}
