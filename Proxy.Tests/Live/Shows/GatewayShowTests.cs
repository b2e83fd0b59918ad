using Npgsql;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Shows;

/// <summary>SHOW phigate.masks and SHOW phigate.whoami, as clients see them and as they are recorded.</summary>
public sealed class GatewayShowTests
{
    private const string Masks = "show phigate.masks;";

    private PostgresServer _server = null!;
    private string _database = null!;
    private GatewayHarness _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await _server.CreateDatabaseAsync();
        await _server.ExecuteAsync(_database, "create table patients (id int, ssn text, ward text); insert into patients values (1, '912-57-3461', 'A'); grant select, insert on patients to public");
        _gateway = await GatewayHarness.StartAsync(_server, _database, GatewayHarness.Masked(MaskProfile.Pseudonymous), new PatientsClassifier());
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task Masks_of_the_last_answer_say_how_and_why()
    {
        var result = await PsqlAsync($"select id, ssn as x, ward from patients; {Masks}");

        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Output.Split('\n')[1..4], Is.EqualTo(new[]
        {
            "id|as it is|no PHI flows into it|pseudonymous",
            "x|token|copy of public.patients.ssn (social-security-number)|pseudonymous",
            "ward|as it is|no PHI flows into it|pseudonymous",
        }));
    }

    [Test]
    public async Task Masks_do_not_speak_of_themselves()
    {
        var result = await PsqlAsync($"select ward from patients; {Masks} {Masks}");

        Assert.That(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task Masks_before_any_answer_are_none() =>
        Assert.That((await PsqlAsync(Masks)).Output.Trim(), Is.Empty);

    [Test]
    public async Task Whoami_says_who_where_and_by_which_rules()
    {
        var result = await PsqlAsync("show phigate.whoami;");

        Assert.That(result.Output.Split('\n'), Is.SupersetOf(new[]
        {
            "subject|agent", "issuer|https://issuer.test", "target|test", $"database|{_database}", "policy|masked Pseudonymous",
        }));
        Assert.That(result.Output, Does.Contain("\nrule masked|mask pseudonymous within read+"));
    }

    [Test]
    public async Task In_a_transaction_it_answers_and_in_an_aborted_one_the_servers_error_comes()
    {
        var result = await PsqlAsync($"begin; {Masks} select 1/0; {Masks} rollback; select 43;");

        Assert.That(result.Errors, Does.Contain("division by zero").And.Contain("current transaction is aborted"));
        Assert.That(result.Output.TrimEnd(), Does.EndWith("43"));
    }

    [Test]
    public async Task Npgsql_reads_it_prepared_and_in_a_batch()
    {
        await using var connection = new NpgsqlConnection(NpgsqlConnections.StringFor(_gateway.Endpoint));
        await connection.OpenAsync();
        await using var prepared = new NpgsqlCommand("show phigate.masks", connection);
        await prepared.PrepareAsync();
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new("select ssn, ward from patients"), new("show phigate.masks"), new("select 43") } };

        var seen = new List<string>();
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
                seen.Add($"{reader.GetString(0)} {reader.GetString(1)}");
            await reader.NextResultAsync();
            await reader.ReadAsync();
            seen.Add($"{reader.GetInt32(0)}");
        }
        var again = await prepared.ExecuteScalarAsync();

        Assert.That(seen, Is.EqualTo(new[] { "ssn token", "ward as it is", "43" }));
        Assert.That(again, Is.EqualTo("?column?"));
    }

    [Test]
    public async Task It_is_recorded_with_the_clients_own_text_and_the_rows_it_gave()
    {
        await using var client = await WireClient.OpenAsync(_gateway.Endpoint);
        var frames = await client.QueryAsync("show /* once */ phigate.whoami");

        Assert.That(frames.Select(frame => (char)frame.Type).Distinct(), Is.EqualTo("TDCZ"));
        var journal = Directory.EnumerateFiles(_gateway.JournalDirectory).Where(static path => !path.EndsWith(".lock", StringComparison.Ordinal)).Select(File.ReadAllBytes).ToArray();
        Assert.That(journal.Any(segment => segment.AsSpan().IndexOf("show /* once */ phigate.whoami"u8) > 0), Is.True);
        Assert.That(journal.Any(segment => segment.AsSpan().IndexOf("PhiGate */"u8) >= 0), Is.False);
    }

    [Test]
    public async Task Among_other_statements_it_is_a_setting_that_the_server_does_not_know()
    {
        var frames = await (await WireClient.OpenAsync(_gateway.Endpoint)).QueryAsync("select 1; show phigate.masks");

        Assert.That(frames.Any(frame => frame.Type == 'E'), Is.True);
    }

    private Task<CommandResult> PsqlAsync(string script) => Psql.RunAsync(_gateway.Endpoint, script, "-At");

    private sealed class PatientsClassifier : IColumnClassifier
    {
        public IdentifierClass Classify(string schema, string table, string column, string typeName) =>
            column == "ssn" ? IdentifierClass.SocialSecurityNumber : IdentifierClass.NotPhi;
    }
}
