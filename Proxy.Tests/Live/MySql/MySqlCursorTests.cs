using System.Text;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>Rows of a cursor are shown as the policy of now says, not as that of when it was opened.</summary>
public sealed class MySqlCursorTests
{
    private const string Canary = "912-57-3461";

    private MySqlJudgedGateway _judged = null!;

    [SetUp]
    public async Task Start()
    {
        var server = await SharedServers.MariaDbAsync();
        var database = await server.CreateDatabaseAsync("cursor");
        await server.ExecuteAsync(database, $"create table patients (id int primary key, ssn varchar(11)); insert into patients values (1, '{Canary}'), (2, '{Canary}'), (3, '{Canary}')");
        _judged = await MySqlJudgedGateway.StartAsync(
            server, database, new NamedColumns(new Dictionary<string, IdentifierClass> { ["ssn"] = IdentifierClass.SocialSecurityNumber }), Unmasked());
    }

    [TearDown]
    public async Task End() => await _judged.DisposeAsync();

    [Test]
    public async Task FETCH_masks_by_the_policy_of_now()
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint);
        var id = await OpenCursorAsync(client);
        Assert.That(Text(await FetchAsync(client, id)), Does.Contain(Canary));
        _judged.Policy.Current = MySqlJudgedGateway.Masked();
        var masked = await FetchAsync(client, id);
        Assert.That(masked, Has.Count.EqualTo(2));
        Assert.That(Text(masked), Does.Not.Contain(Canary));
    }

    [Test]
    public async Task FETCH_is_refused_when_the_policy_of_now_does_not_allow_the_statement()
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint);
        var id = await OpenCursorAsync(client);
        _judged.Policy.Current = new AccessPolicy([new AccessRule { Name = "session", Risk = new RiskCondition { Within = RiskClasses.Session }, Verdict = Verdict.Allow }], "nothing");
        var refused = await FetchAsync(client, id);
        Assert.That(refused[0].Message, Does.StartWith("phigate code="));
        Assert.That((await client.CommandAsync([14]))[0].IsOk, Is.True);
    }

    private static async Task<byte[]> OpenCursorAsync(MySqlWireClient client)
    {
        var prepared = await client.CommandAsync([22, .. "select id, ssn from patients"u8]);
        var id = prepared[0].Payload[1..5];
        var opened = await client.CommandAsync([23, .. id, 1, 1, 0, 0, 0]);
        Assert.That(opened[^1].IsError, Is.False, Text(opened));
        return id;
    }

    private static Task<IReadOnlyList<MySqlPacket>> FetchAsync(MySqlWireClient client, byte[] id) => client.CommandAsync([28, .. id, 1, 0, 0, 0]);

    private static string Text(IEnumerable<MySqlPacket> packets) => string.Join('\n', packets.Select(static packet => Encoding.Latin1.GetString(packet.Payload)));

    private static AccessPolicy Unmasked() => new(
        [
            new AccessRule
            {
                Name = "shown",
                Risk = new RiskCondition { Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.BulkRead | RiskClasses.Session },
                Verdict = Verdict.Allow,
                Profile = MaskProfile.Unmasked,
            },
        ],
        "shown");
}
