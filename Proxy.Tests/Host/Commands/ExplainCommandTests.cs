using System.Text.Json;
using Json.Schema;
using NUnit.Framework;
using Proxy.Tests.Host.Configuration;
using Proxy.Tests.Policies;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Commands;

/// <summary><c>phigate explain</c> as a user runs it, against a real target.</summary>
public sealed class ExplainCommandTests
{
    private const string Agent = """{"sub":"agent-1","groups":["agents"]}""";
    // The library keeps a registry of schemas by their ids: once a process.
    private static readonly JsonSchema Schema = JsonSchema.FromText(
        File.ReadAllText(Path.Combine(ConfigurationDirectory.RepositoryRoot, "schemas", "explanation.schema.json")));

    private ConfigurationDirectory _directory = null!;
    private PostgresServer _server = null!;
    private string _database = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await PostgresServer.StartAsync(new PostgresServerOptions { LogStatements = true });
        _database = await Hospital.CreateAsync(_server);
        _directory = new ConfigurationDirectory();
        _directory.Write("secrets/hospital.password", "unused\n");
        _directory.Replace("gateway.yaml", "address: db.example.internal:5432", $"address: {PostgresServer.Host}:{_server.Port}");
        _directory.Replace("gateway.yaml", "databases: [hospital] ", $"databases: [{_database}] ");
        _directory.Replace("gateway.yaml", "database-user: phigate ", $"database-user: {TestUser.Postgres.Name} ");
        _directory.Replace("gateway.yaml", "ca-file: tls/database-ca.crt", $"ca-file: {TestCertificates.Shared.AuthorityPath}");
        _directory.Write("classification.yaml", PolicyDirectory.Classification);
        _directory.Write("rules.yaml", await File.ReadAllTextAsync(Path.Combine(ConfigurationDirectory.RepositoryRoot, "policies", "lookup", "rules.yaml")));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _directory.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task It_says_what_would_happen_in_words()
    {
        var result = await ExplainAsync("hospital", "SELECT ssn FROM patients WHERE mrn = $1", "--as", Agent);

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Contain("columns    ssn: token; copy; copy of public.patients.ssn (social-security-number)"));
        Assert.That(result.Output.TrimEnd(), Does.EndWith("decision   mask pseudonymous, by rule agents"));
    }

    [TestCase("SELECT p.*, count(*) OVER () FROM patients p WHERE p.mrn = 'MRN-1' AND p.note IS NULL ORDER BY last_name")]
    [TestCase("INSERT INTO wards SELECT ward, last_name, 1, 1 FROM patients; SELECT 1")]
    [TestCase("SELEC 1")]
    [TestCase("")]
    public async Task Json_is_as_the_schema_says(string statement)
    {
        var result = await ExplainAsync($"hospital/{_database}", statement, "--as", Agent, "--json");

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        var evaluated = Schema.Evaluate(JsonSerializer.Deserialize<JsonElement>(result.Output), new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.That(evaluated.IsValid, Is.True, () => JsonSerializer.Serialize(evaluated));
    }

    [Test]
    public async Task The_statement_never_reaches_the_server()
    {
        const string Marker = "the log has come as far as this";
        await ExplainAsync("hospital", "SELECT id FROM patients WHERE ward = 'a literal of this test'", "--as", Agent);
        await _server.ExecuteAsync(_database, $"select '{Marker}'");

        IReadOnlyList<string> logged;
        do
            logged = [.. (await _server.ReadStatementLogAsync()).Select(static statement => statement.Message)];
        while (!logged.Any(static message => message.Contains(Marker, StringComparison.Ordinal)));

        Assert.That(logged, Has.Some.Contains("pg_class").And.None.Contains("a literal of this test"));
    }

    [TestCase("nowhere", Agent, "there is no target nowhere")]
    [TestCase("hospital/other", Agent, "has no database other")]
    [TestCase("hospital", """{"groups":["agents"]}""", "claim sub is missing")]
    [TestCase("hospital", """{"sub":"x","iss":"other"}""", "there is no issuer other")]
    [TestCase("hospital", "{", "not JSON")]
    public async Task What_cannot_be_explained_ends_with_1_and_says_why(string target, string claims, string why)
    {
        var result = await ExplainAsync(target, "SELECT 1", "--as", claims);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.Contain(why));
    }

    [Test]
    public async Task Without_somebody_the_command_line_is_wrong() =>
        Assert.That((await ExplainAsync("hospital", "SELECT 1")).ExitCode, Is.EqualTo(64));

    [Test]
    public async Task A_token_that_does_not_admit_ends_with_1() =>
        Assert.That((await ExplainAsync("hospital", "SELECT 1", "--token", "a.b.c")).ExitCode, Is.EqualTo(1));

    private Task<CommandResult> ExplainAsync(string target, string statement, params string[] options) => Command.RunAsync(
        "dotnet",
        [Path.Combine(TestContext.CurrentContext.TestDirectory, "phigate.dll"), "explain", "--config", _directory.Path, target, statement, .. options]);
}
