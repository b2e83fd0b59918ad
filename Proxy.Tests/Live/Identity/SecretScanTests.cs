using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Host.Identity;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Identity;

/// <summary>After every way in and every way to fail: no secret in what the program printed, recorded, counted or answered.</summary>
public sealed class SecretScanTests
{
    /// <summary>A mistake in a connection string. What is in the journal and what was printed is looked through when the gateway ends, as for every run.</summary>
    [Test]
    public async Task A_token_in_place_of_a_name_is_in_no_record([Values] bool isMySql)
    {
        var postgres = isMySql ? null : await SharedServers.PostgresAsync();
        var mariaDb = isMySql ? await SharedServers.MariaDbAsync() : null;
        var database = await (postgres?.CreateDatabaseAsync("misplaced") ?? mariaDb!.CreateDatabaseAsync("misplaced"));
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = postgres, MariaDb = mariaDb, Database = database, TradesTokens = true });
        using var desk = new CredentialDeskClient(gateway.Desk);
        var token = gateway.Token();
        var misplaced = gateway.EndpointWith(token) with { User = token, Database = token };

        if (isMySql)
            await using (var client = await MySqlWireClient.ConnectAsync("127.0.0.1", misplaced.Port))
                await client.LogInAsync(misplaced);
        else
            Assert.That((await Psql.RunAsync(misplaced, "select 1")).Errors, Does.Contain("phigate code=target-unknown "));
        await desk.SendAsync(HttpMethod.Post, "v1/credentials", token, new { target = token });

        Assert.That(
            (await RecordedEvents.OfAsync<DecodedSignInRefused>(gateway.JournalDirectory)).Select(record => (record.Code, record.Target)),
            Is.EqualTo(Enumerable.Repeat(("target-unknown", $"({token.Length} characters, which are no name)"), 2)));
    }

    [Test]
    public async Task No_token_and_no_password_is_in_any_log_record_or_metric()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync("scan");
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { Server = server, Database = database, TradesTokens = true });
        using var desk = new CredentialDeskClient(gateway.Desk);
        var (good, expired) = (gateway.Token(), gateway.Sign(new DevelopmentTokenRequest { Subject = "late", LifetimeSeconds = -3600 }));
        var credential = await desk.IssueAsync(good, new { target = database, reason = "a scan" });
        const string Guessed = "a-password-that-was-guessed";
        const string Garbage = "garbage-in-place-of-a-token";

        var said = new StringBuilder();
        foreach (var endpoint in new[]
        {
            gateway.EndpointWith(good), gateway.EndpointWith(expired), gateway.EndpointWith(Garbage), gateway.EndpointWith(good[..^4] + "AAAA"),
            credential, credential, credential with { Password = Guessed },
        })
            said.Append((await Psql.RunAsync(endpoint, "select 1")).Errors);
        foreach (var token in new[] { good, expired, Garbage })
            said.Append((await desk.SendAsync(HttpMethod.Get, "v1/whoami", token)).Body);
        said.Append((await gateway.RunToolAsync(expired, "whoami")).Errors).Append((await gateway.GetAsync("metrics")).Body);
        await gateway.StopAsync();
        said.Append(gateway.Output);

        string[] secrets =
        [
            .. good.Split('.').Skip(1), .. expired.Split('.').Skip(1), Garbage, Guessed, credential.Password, TestUser.Scram.Password,
            (await File.ReadAllTextAsync(Path.Combine(gateway.ConfigurationDirectory, "masking.key"))).Trim(),
        ];
        var everything = said.ToString();
        Assert.That(secrets.Where(secret => everything.Contains(secret, StringComparison.Ordinal)), Is.Empty);
        foreach (var file in Directory.GetFiles(gateway.JournalDirectory))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            Assert.That(secrets.Where(secret => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0), Is.Empty, file);
        }
    }
}
