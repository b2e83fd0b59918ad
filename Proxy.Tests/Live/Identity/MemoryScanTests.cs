using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Host.Identity;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Identity;

/// <summary>What of the secrets of a run is in a core dump that .NET itself writes of a process. docs/identity.md says how memory is kept free of them.</summary>
public sealed class MemoryScanTests
{
    private const int SignIns = 40;
    private const int Trades = 20;

    private static readonly string SessionsTold = $"none of {SignIns} tokens of sessions that are over, of {SignIns / 4} that were refused, of the database password";

    private CoreDumps _dumps = null!;

    [SetUp]
    public void Prepare() => _dumps = new CoreDumps();

    [TearDown]
    public void Clean() => _dumps.Dispose();

    [Test]
    public async Task A_core_dump_holds_no_token_and_no_password_of_sessions_that_are_over([Values] bool isByOAuth)
    {
        var server = await SharedServers.PostgresAsync();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = await server.CreateDatabaseAsync("memory"),
            AllowsCoreDumps = true,
            Environment = _dumps.Environment,
            Listener = isByOAuth ? "oauthbearer: { issuer: development }" : "",
        });
        var search = new SecretSearch().Text("the database password", TestUser.Scram.Password);
        await AddScramKeysAsync(search, server);
        await SignInAsync(gateway, search, async token =>
        {
            await using var client = await WireClient.OpenAsync(gateway.EndpointWith(token));
            await client.QueryAsync("select 1");
        });

        await ScanAsync(gateway, search, isByOAuth ? "PostgreSQL, OAUTHBEARER" : "PostgreSQL", SessionsTold);
    }

    [Test]
    public async Task Neither_does_one_of_sessions_over_MySQL()
    {
        var server = await SharedServers.MariaDbAsync();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            MariaDb = server,
            Database = await server.CreateDatabaseAsync("memory"),
            AllowsCoreDumps = true,
            Environment = _dumps.Environment,
        });
        var search = new SecretSearch().Text("the database password", MariaDbUser.Native.Password);
        await SignInAsync(gateway, search, async token =>
        {
            await using var client = await MySqlWireClient.OpenAsync(gateway.EndpointWith(token));
            await client.QueryAsync("select 1");
        });

        await ScanAsync(gateway, search, "MySQL", SessionsTold);
    }

    /// <summary>The token comes by HTTPS to one process, goes to the other by a local socket, and a password comes back the same way.</summary>
    [Test]
    public async Task Neither_does_one_of_trades_of_tokens_for_one_time_credentials([Values] bool isMySql)
    {
        var postgres = isMySql ? null : await SharedServers.PostgresAsync();
        var mariaDb = isMySql ? await SharedServers.MariaDbAsync() : null;
        var database = await (postgres?.CreateDatabaseAsync("traded") ?? mariaDb!.CreateDatabaseAsync("traded"));
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = postgres,
            MariaDb = mariaDb,
            Database = database,
            TradesTokens = true,
            AllowsCoreDumps = true,
            Environment = _dumps.Environment,
        });
        using var desk = new CredentialDeskClient(gateway.Desk);
        var search = new SecretSearch();
        for (var i = 0; i < Trades; i++)
        {
            var token = gateway.Sign(new DevelopmentTokenRequest { Subject = $"agent-{i}", Groups = [PhiGateOptions.ShowGroup] });
            var credential = await desk.IssueAsync(token, new { target = database, reason = "a scan" });
            search.Token($"token {i}", token).Text($"password {i}", credential.Password).Bytes($"password {i}, stage 1", SHA256.HashData(Encoding.ASCII.GetBytes(credential.Password)));
            if (isMySql)
                await using (await MySqlWireClient.OpenAsync(credential)) { }
            else
                Assert.That((await Psql.RunAsync(credential, "select 1")).ExitCode, Is.Zero);
        }
        for (var i = 0; i < Trades; i++)
        {
            // Refused, returned by nobody, asked about, and sent where nothing is.
            var (late, good) = (gateway.Sign(new DevelopmentTokenRequest { Subject = $"late-{i}", LifetimeSeconds = -3600 }), gateway.Sign(new DevelopmentTokenRequest { Subject = $"asker-{i}" }));
            search.Token($"refused token {i}", late).Token($"asker's token {i}", good);
            await desk.SendAsync(HttpMethod.Post, "v1/credentials", late, new { target = database });
            await desk.SendAsync(HttpMethod.Delete, "v1/credentials/once-00", good);
            await desk.SendAsync(HttpMethod.Get, i % 2 == 0 ? "v1/whoami" : "v1/nothing", good);
            // In one breath with another request, long enough to lie in two pieces of memory.
            var second = gateway.Sign(new DevelopmentTokenRequest { Subject = $"second-{i}", Groups = [new string('g', 9000)] });
            search.Token($"second token {i}", second);
            await using var connection = await DeskConnection.ConnectAsync(gateway.Desk);
            await connection.SendAsync((byte[])[.. DeskConnection.Request("/v1/whoami", "Bearer " + good), .. DeskConnection.Request("/v1/whoami", "Bearer " + second)]);
            await connection.ReadToEndAsync();
        }
        await Eventually.IsTrueAsync(
            async () => (await RecordedEvents.OfAsync<DecodedSessionClosed>(gateway.JournalDirectory)).Count == Trades, "the sessions are over");

        await ScanAsync(gateway, search, isMySql ? "trades, MySQL" : "trades, PostgreSQL",
            $"none of {Trades} tokens that were traded, of their one-time passwords, of {3 * Trades} other tokens that HTTPS brought");
    }

    /// <summary>Sessions that are over, and tokens that were refused.</summary>
    private static async Task SignInAsync(PhiGateProcess gateway, SecretSearch search, Func<string, Task> signIn)
    {
        for (var i = 0; i < SignIns; i++)
        {
            var token = gateway.Sign(new DevelopmentTokenRequest { Subject = $"agent-{i}", Groups = [PhiGateOptions.ShowGroup] });
            search.Token($"token {i}", token);
            await signIn(token);
        }
        for (var i = 0; i < SignIns / 4; i++)
        {
            var token = gateway.Sign(new DevelopmentTokenRequest { Subject = $"late-{i}", LifetimeSeconds = -3600 });
            search.Token($"refused token {i}", token);
            Assert.That(async () => await signIn(token), Throws.Exception);
        }
        await Eventually.IsTrueAsync(
            async () => (await RecordedEvents.OfAsync<DecodedSessionClosed>(gateway.JournalDirectory)).Count == SignIns, "the sessions are over");
    }

    /// <summary>What SCRAM derives from the password is as good as the password (RFC 5802): the server says by what salt.</summary>
    private static async Task AddScramKeysAsync(SecretSearch search, PostgresServer server)
    {
        await using var connection = await server.OpenAsync("postgres");
        await using var command = new NpgsqlCommand($"select rolpassword from pg_authid where rolname = '{TestUser.Scram.Name}'", connection);
        var parts = ((string)(await command.ExecuteScalarAsync())!).Split('$', ':');
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            TestUser.Scram.Password, Convert.FromBase64String(parts[2]), int.Parse(parts[1], CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        search.Bytes("the client key of SCRAM", HMACSHA256.HashData(salted, "Client Key"u8));
    }

    private async Task ScanAsync(PhiGateProcess gateway, SecretSearch search, string run, string told)
    {
        var data = await _dumps.WriteAsync(gateway.DataPlaneProcessId);
        var control = await _dumps.WriteAsync(gateway.ProcessId);

        Assert.That(await new SecretSearch().Text("the journal's place", gateway.JournalDirectory).FindAsync(data), Is.Not.Empty, "the dump has memory in it");
        List<string> left = [.. (await search.FindAsync(data)).Select(static place => "sockets: " + place), .. (await search.FindAsync(control)).Select(static place => "HTTP: " + place)];
        Assert.That(left, Is.Empty, string.Join('\n', left));
        await AssertNothingIsPrintedAsync(gateway, search);
        Proof.Record($"Secrets in core dumps, {run}", string.Create(CultureInfo.InvariantCulture,
            $"{told}: {(new FileInfo(data).Length + new FileInfo(control).Length) >> 20} MiB of both processes' memory looked through"));
    }

    /// <summary>Neither what it logged nor what it recorded has any of them.</summary>
    private static async Task AssertNothingIsPrintedAsync(PhiGateProcess gateway, SecretSearch search)
    {
        using var directory = new TemporaryDirectory();
        var log = directory.Combine("log");
        await File.WriteAllTextAsync(log, gateway.Output);
        // The lock is empty, and nobody else can open it.
        foreach (var file in Directory.GetFiles(gateway.JournalDirectory).Where(static file => Path.GetExtension(file) is not (".sock" or ".lock")).Append(log))
            Assert.That(await search.FindAsync(file), Is.Empty, file);
    }

    /// <summary>What .NET writes of a process that dies, where an operator has switched that on: stacks, modules and messages of exceptions. (This signal alone does not end it.)</summary>
    [Test]
    public async Task A_crash_report_holds_no_secret()
    {
        using var directory = new TemporaryDirectory();
        var server = await SharedServers.PostgresAsync();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = await server.CreateDatabaseAsync("crash"),
            AllowsCoreDumps = true,
            Environment = new Dictionary<string, string?>
            {
                ["DOTNET_DbgEnableMiniDump"] = "1",
                ["DOTNET_EnableCrashReportOnly"] = "1",
                ["DOTNET_DbgMiniDumpName"] = directory.Combine("core.%p"),
            },
        });
        var (token, expired) = (gateway.Token(), gateway.Sign(new DevelopmentTokenRequest { Subject = "late", LifetimeSeconds = -3600 }));
        await using var client = await WireClient.OpenAsync(gateway.EndpointWith(token));
        await Psql.RunAsync(gateway.EndpointWith(expired), "select 1");
        await client.SendAsync(PostgresRequests.Query("select pg_sleep(60)"));
        var process = gateway.DataPlaneProcessId;

        await Command.RunAsync("kill", ["-s", "ABRT", process.ToString(CultureInfo.InvariantCulture)]);
        var report = directory.Combine($"core.{process}.crashreport.json");
        await Eventually.IsTrueAsync(() => Task.FromResult(IsWhole(report)), "the report is written");

        var text = await File.ReadAllTextAsync(report);
        Assert.That(text, Does.Contain("is_managed"), "the report has stacks");
        string[] secrets = [TestUser.Scram.Password, .. token.Split('.').Skip(1), .. expired.Split('.').Skip(1)];
        Assert.That(secrets.Where(secret => text.Contains(secret, StringComparison.Ordinal) || gateway.Output.Contains(secret, StringComparison.Ordinal)), Is.Empty);
    }

    private static bool IsWhole(string report)
    {
        try
        {
            using var content = JsonDocument.Parse(File.ReadAllText(report));
            return true;
        }
        catch (Exception notYet) when (notYet is IOException or JsonException)
        {
            return false;
        }
    }
}
