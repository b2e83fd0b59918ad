using Npgsql;
using NUnit.Framework;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Masking;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.MaskedWrites;

/// <summary>What a client was shown instead of PHI comes back: found again by a parameter, and never written.</summary>
public sealed class MaskedWriteTests
{
    private const string Real = "select string_agg(concat_ws('|', id, name, mrn, born, note), ';' order by id) from patients";

    private PostgresServer _server = null!;
    private string _database = null!;
    private GatewayHarness _gateway = null!;
    private NpgsqlConnection _client = null!;
    private string _before = "";

    [SetUp]
    public async Task StartAsync()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await _server.CreateDatabaseAsync();
        await _server.ExecuteAsync(
            _database,
            """
            create table patients (id int primary key, name text not null, mrn varchar(30), born date, note text, ward text, tag text);
            insert into patients values (1, 'Ada "L" \ Byron', 'MRN-1', '1970-02-03', 'allergic', 'A'), (2, 'Ben', 'MRN-2', '1980-05-06', 'well', 'B');
            grant all on patients to public
            """);
        _gateway = await GatewayHarness.StartAsync(_server, _database, GatewayHarness.Masked(MaskProfile.Pseudonymous), new HospitalClassifier());
        _client = new NpgsqlConnection(NpgsqlConnections.StringFor(_gateway.Endpoint) + ";Include Error Detail=true");
        await _client.OpenAsync();
        _before = await RealAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _client.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Test]
    public async Task A_token_that_was_read_is_found_again_by_a_parameter_and_both_values_are_recorded()
    {
        var token = await TokenAsync("mrn", 2);

        Assert.That(await ScalarAsync("select id from patients where mrn = $1", token), Is.EqualTo(2));
        Assert.That(await ScalarAsync("select id from patients where mrn = any($1)", (object)new[] { "x", token }), Is.EqualTo(2));
        Assert.That(await ScalarAsync("select id from patients where mrn in ($1, $2) and ward = $3", "x", token, "B"), Is.EqualTo(2));
        await _client.CloseAsync();
        await _gateway.Journal.DisposeAsync();
        var executions = Executions();
        Assert.That(executions.Count(static execution =>
            execution.Parameters.AsSpan().IndexOf("pt_"u8) >= 0 && execution.ForwardedParameters.AsSpan().IndexOf("MRN-2"u8) >= 0), Is.EqualTo(3));
    }

    [Test]
    public async Task A_token_in_an_array_in_text_is_translated_with_its_quotes()
    {
        var token = await TokenAsync("name", 1);
        await using var command = new NpgsqlCommand("select id from patients where name = any($1::text[])", _client);
        command.Parameters.Add(new NpgsqlParameter { Value = $"{{x,{token},\"{token}\"}}", NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Unknown });

        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo(1));
    }

    [TestCase("select id, $1 as told from patients where mrn = $1", "masked-value", Description = "the answer would tell the value")]
    [TestCase("select id from patients where name = $1", "masked-value", Description = "a token of another class")]
    public async Task A_token_is_translated_nowhere_else(string sql, string code)
    {
        var token = await TokenAsync("mrn", 2);

        Assert.That(await CodeAsync(sql, token), Is.EqualTo(code));
    }

    [TestCase("update patients set name = $1 where id = 1")]
    [TestCase("update patients set tag = $1 where id = 1")]
    [TestCase("insert into patients (id, name) values (9, $1)")]
    [TestCase("insert into patients (id, name) values (1, $1) on conflict (id) do update set name = excluded.name")]
    [TestCase("insert into patients (id, name) select 9, upper($1::text)")]
    [TestCase("delete from patients where tag = $1")]
    [TestCase("with changed as (update patients set name = $1 where id = 1 returning id) select id from changed")]
    [TestCase("merge into patients p using (values (1, $1::text)) v(id, name) on p.id = v.id when matched then update set name = v.name")]
    public async Task A_token_is_not_written(string sql)
    {
        var token = await TokenAsync("name", 1);

        Assert.That(await CodeAsync(sql, token), Is.EqualTo("masked-write"));
        Assert.That(await CodeAsync(sql, "****"), Is.EqualTo(sql.Contains("tag", StringComparison.Ordinal) ? "" : "masked-write"));
        Assert.That(await CodeAsync(sql.Replace("$1", $"'{token}'", StringComparison.Ordinal)), Is.EqualTo("masked-write"));
    }

    [TestCase("update patients set born = $1 where id = 1")]
    [TestCase("update patients p set born = v.born from (values (1, $1::date)) v(id, born) where p.id = v.id")]
    [TestCase("insert into patients (id, name, born) values (1, 'x', $1) on conflict (id) do update set born = excluded.born")]
    [TestCase("update patients set ward = 'C' where born = $1")]
    public async Task Nothing_is_written_over_what_is_masked_beyond_recognition(string sql)
    {
        Assert.That(await CodeAsync(sql, new DateOnly(1999, 9, 9)), Is.EqualTo("masked-write"));
        Assert.That(await RealAsync(), Is.EqualTo(_before));
    }

    [Test]
    public async Task Clean_columns_fresh_values_and_translated_keys_are_written()
    {
        var token = await TokenAsync("mrn", 2);

        Assert.That(await CodeAsync("update patients set ward = $1 where mrn = $2", "Z", token), Is.Empty);
        Assert.That(await CodeAsync("update patients set name = $1 where id = 2", "Benjamin"), Is.Empty);
        Assert.That(await CodeAsync("insert into patients (id, name, mrn, born) values (3, $1, $2, $3)", "Cy", "MRN-3", new DateOnly(2001, 1, 1)), Is.Empty);
        Assert.That(await RealAsync(), Does.Contain("2|Benjamin|MRN-2|1980-05-06|well").And.Contain("3|Cy|MRN-3|2001-01-01"));
    }

    [Test]
    public async Task A_token_in_a_literal_is_refused_with_a_hint()
    {
        var token = await TokenAsync("mrn", 2);
        var result = await PsqlAsync($"select id from patients where mrn = '{token}';");

        Assert.That(result, Does.Contain("masked-value").And.Contain("bound parameter"));
    }

    [TestCase("copy patients (id, name) from stdin;\n8\tCy\n9\t{0}\n\\.\n")]
    [TestCase("copy patients (id, name) from stdin;\n8\tCy\n9\t****\n\\.\n")]
    [TestCase("copy patients (id, name) from stdin (format csv);\n8,Cy\n9,\"{0}\"\n\\.\n")]
    public async Task COPY_with_a_masked_value_stores_nothing_and_the_session_goes_on(string script)
    {
        var token = await TokenAsync("name", 1);
        var result = await PsqlAsync(script.Replace("{0}", token, StringComparison.Ordinal) + "select 40 + 3 as n;");

        Assert.That(result, Does.Contain("masked-write").And.Contain("43"));
        Assert.That(await RealAsync(), Is.EqualTo(_before));
    }

    [Test]
    public async Task COPY_of_fresh_values_is_stored()
    {
        await using (var copy = await _client.BeginBinaryImportAsync("copy patients (id, name) from stdin (format binary)"))
        {
            await copy.WriteRowAsync(CancellationToken.None, 5, "Dee");
            await copy.CompleteAsync();
        }

        Assert.That(await RealAsync(), Does.Contain("5|Dee"));
    }

    private async Task<string> RealAsync()
    {
        await using var connection = await _server.OpenAsync(_database);
        await using var command = new NpgsqlCommand(Real, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private List<DecodedExecution> Executions()
    {
        using var reader = new JournalReader(_gateway.JournalDirectory);
        var executions = new List<DecodedExecution>();
        for (JournalReadResult step; (step = reader.Read()) is not JournalReadResult.End;)
            if (step is JournalReadResult.Record && RecordDecoder.Decode(reader.Entry) is DecodedExecution execution)
                executions.Add(execution);
        return executions;
    }

    private async Task<string> TokenAsync(string column, int id)
    {
        var token = (string)(await ScalarAsync($"select {column} from patients where id = $1", id))!;
        Assert.That(token, Does.StartWith("pt_"));
        return token;
    }

    private async Task<object?> ScalarAsync(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteScalarAsync();
    }

    private async Task<string> CodeAsync(string sql, params object[] parameters)
    {
        try
        {
            await using var command = Command(sql, sql.Contains('$') ? parameters : []);
            await command.ExecuteNonQueryAsync();
            return "";
        }
        catch (PostgresException refused) when (refused.Detail?.Split("code=") is [_, var rest])
        {
            return rest.Split(' ')[0];
        }
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, _client);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }

    private async Task<string> PsqlAsync(string script)
    {
        var result = await Psql.RunAsync(_gateway.Endpoint, script, ["--no-align", "--tuples-only"]);
        return result.Output + result.Errors;
    }
}
