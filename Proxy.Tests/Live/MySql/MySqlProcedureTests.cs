using System.Text;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>
/// Procedures give several results, and parameters that come back as one. Nobody has read what is inside, so of all of them only a rule that shows everything
/// shows anything.
/// </summary>
public sealed class MySqlProcedureTests
{
    private const string Canary = "912-57-3461";

    private MySqlJudgedGateway _judged = null!;

    [SetUp]
    public async Task Start()
    {
        var server = await SharedServers.MariaDbAsync();
        var database = await server.CreateDatabaseAsync("procedures");
        foreach (var text in (string[])
            [
                $"create table patients (id int primary key, ssn varchar(11)); insert into patients values (1, '{Canary}')",
                "create procedure look(in p int, out s varchar(20), inout t varchar(40)) begin select ssn, concat(t, ssn) into s, t from patients where id = p; end",
                "create procedure several() begin select id from patients; select ssn from patients; select concat('was ', ssn) from patients; end",
            ])
            await server.ExecuteAsync(database, text);
        _judged = await MySqlJudgedGateway.StartAsync(
            server, database, new NamedColumns(new Dictionary<string, IdentifierClass> { ["ssn"] = IdentifierClass.SocialSecurityNumber }), Of(Verdict.Mask, MaskProfile.Redacted));
    }

    [TearDown]
    public async Task End() => await _judged.DisposeAsync();

    [Test]
    public async Task Parameters_that_come_back_are_masked([Values(0u, MySqlWireClient.DeprecateEof)] uint forms)
    {
        var reply = await CallAsync(MySqlWireClient.PlainCapabilities | forms);
        Assert.That(Text(reply), Does.Not.Contain(Canary));
        // Their definitions and row are there all the same, or the client would wait for them.
        Assert.That(reply, Has.Count.GreaterThan(3).And.None.Property("IsError").True, Text(reply));
    }

    [Test]
    public async Task Parameters_that_come_back_are_shown_where_everything_is()
    {
        _judged.Policy.Current = Of(Verdict.Allow, MaskProfile.Unmasked);
        Assert.That(Text(await CallAsync(MySqlWireClient.PlainCapabilities)), Does.Contain(Canary).And.Contain($"it was {Canary}"));
    }

    [Test]
    public async Task No_result_of_a_procedure_shows_anything([Values] bool prepares)
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint);
        var reply = prepares ? await ExecuteAsync(client, "call several()", []) : await client.QueryAsync("call several()");
        Assert.That(Text(reply), Does.Not.Contain(Canary));
        Assert.That(reply, Has.None.Property("IsError").True, Text(reply));
        Assert.That((await client.CommandAsync([14]))[0].IsOk, Is.True);
    }

    private async Task<IReadOnlyList<MySqlPacket>> CallAsync(uint capabilities)
    {
        await using var client = await MySqlWireClient.OpenAsync(_judged.Gateway.Endpoint, capabilities);
        return await ExecuteAsync(client, "call look(?, ?, ?)", [2, 1, 8, 0, 6, 0, 253, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, .. "it was "u8], capabilities);
    }

    private static async Task<IReadOnlyList<MySqlPacket>> ExecuteAsync(MySqlWireClient client, string text, byte[] values, uint capabilities = MySqlWireClient.PlainCapabilities)
    {
        var prepared = await client.CommandAsync([22, .. Encoding.UTF8.GetBytes(text)], capabilities);
        Assert.That(prepared[0].IsOk, Is.True, Text(prepared));
        return await client.CommandAsync([23, .. prepared[0].Payload[1..5], 0, 1, 0, 0, 0, .. values], capabilities);
    }

    private static string Text(IEnumerable<MySqlPacket> packets) => string.Join('\n', packets.Select(static packet => Encoding.Latin1.GetString(packet.Payload)));

    private static AccessPolicy Of(Verdict verdict, MaskProfile profile) => new(
        [
            new AccessRule
            {
                Name = "calls",
                Risk = new RiskCondition
                {
                    Within = RiskClasses.Unknown | RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.BulkRead | RiskClasses.Write | RiskClasses.BulkWrite | RiskClasses.MaskedWrite
                        | RiskClasses.Session | RiskClasses.Procedure | RiskClasses.Inference | RiskClasses.Export,
                },
                Verdict = verdict,
                Profile = profile,
            },
        ],
        verdict.ToString());
}
