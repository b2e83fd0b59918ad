using NUnit.Framework;
using Proxy.Tests.Host.Configuration;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Commands;

/// <summary>The program as a user runs it: exit codes and which stream says what.</summary>
public sealed class CommandLineTests
{
    private ConfigurationDirectory _directory = null!;

    [SetUp]
    public void Start() => _directory = new ConfigurationDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    private static Task<CommandResult> PhigateAsync(params string[] arguments) =>
        Command.RunAsync("dotnet", [Path.Combine(TestContext.CurrentContext.TestDirectory, "phigate.dll"), .. arguments]);

    [Test]
    public async Task Check_of_a_good_directory_ends_with_0()
    {
        var result = await PhigateAsync("check", "--config", _directory.Path);

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Contain("is good"));
    }

    [Test]
    public async Task Check_of_a_directory_with_errors_ends_with_2_and_names_every_place()
    {
        var first = _directory.Replace("gateway.yaml", "sessions-max: 5000", "session-max: 5000");
        var second = _directory.Replace("rules.yaml", "verdict: refuse", "verdict: deny");

        var result = await PhigateAsync("check", "--config", _directory.Path);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain($"gateway.yaml:{first}:3: error: unknown key 'session-max'; did you mean 'sessions-max'?"));
        Assert.That(result.Errors, Does.Contain($"rules.yaml:{second}:14: error: 'verdict': must be one of allow, mask, hold, refuse"));
        Assert.That(result.Output, Is.Empty);
    }

    [Test]
    public async Task Check_of_a_missing_directory_ends_with_2()
    {
        var result = await PhigateAsync("check", "--config", "/nowhere");

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain("gateway.yaml:1:1: error: there is no file /nowhere/gateway.yaml"));
    }

    [Test]
    public async Task Check_with_connect_judges_the_real_target()
    {
        var server = await SharedServers.PostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(database, "create table patients (id int, ssn text)");
        // The server trusts its superuser whatever the password; the point is that it is not shown.
        const string Password = "not-to-be-shown-7f3a";
        _directory.Write("secrets/hospital.password", Password + "\n");
        _directory.Replace("gateway.yaml", "address: db.example.internal:5432", $"address: {PostgresServer.Host}:{server.Port}");
        _directory.Replace("gateway.yaml", "databases: [hospital] ", $"databases: [{database}] ");
        _directory.Replace("gateway.yaml", "database-user: phigate ", $"database-user: {TestUser.Postgres.Name} ");
        _directory.Replace("gateway.yaml", "ca-file: tls/database-ca.crt", $"ca-file: {TestCertificates.Shared.AuthorityPath}");
        _directory.Replace("rules.yaml", "databases: [hospital]", $"databases: [{database}]");
        _directory.Write("classification.yaml", """
            version: 1
            targets:
              hospital:
                tables:
                  public.patients:
                    ssn: ssn
                    snn: ssn
            """);

        var result = await PhigateAsync("check", "--config", _directory.Path, "--connect");

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Output + result.Errors);
        Assert.That(result.Errors, Does.Contain("classification.yaml:7:9: error: table public.patients of target 'hospital' has no column snn"));
        Assert.That(result.Errors, Does.Contain("rights that masking cannot survive: SUPERUSER"));
        Assert.That(result.Errors, Does.Not.Contain(Password));
    }

    [Test]
    public async Task Token_prints_the_token_alone_on_standard_output_and_warns_loudly_beside_it()
    {
        var keys = Path.Combine(_directory.Path, "keys");

        var result = await PhigateAsync("token", "--directory", keys, "--human", "kim", "--group", "a", "--group", "b", "--claim", "purpose=test");

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output.Trim().Split('.'), Has.Length.EqualTo(3));
        Assert.That(result.Errors, Does.Contain("DEVELOPMENT ONLY").And.Contain("development.jwks.json"));
        Assert.That(File.GetUnixFileMode(Path.Combine(keys, "development-key.pem")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [TestCase("token", "--claim", "novalue")]
    [TestCase("token", "--lifetime-seconds", "0")]
    [TestCase("check")]
    [TestCase("unheard-of")]
    [TestCase("check", "--config", "x", "--unheard-of")]
    public async Task A_command_line_that_cannot_be_understood_ends_with_64(params string[] arguments) =>
        Assert.That((await PhigateAsync(arguments)).ExitCode, Is.EqualTo(64));

    [Test]
    public async Task Version_and_help_end_with_0()
    {
        Assert.That((await PhigateAsync("version")).Output, Does.StartWith("phigate "));
        Assert.That((await PhigateAsync("--help")).ExitCode, Is.Zero);
    }

    [Test]
    public async Task A_journal_that_is_not_there_ends_with_1() =>
        Assert.That((await PhigateAsync("audit", "verify", "/nowhere")).ExitCode, Is.EqualTo(1));
}
