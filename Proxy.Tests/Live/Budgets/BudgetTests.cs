using Npgsql;
using NUnit.Framework;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Live.MaskedWrites;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Budgets;

/// <summary>What an identity may use up within an hour: refused before a statement, cut while rows stream; a real server and real clients are the judges.</summary>
public sealed class BudgetTests
{
    private PostgresServer _server = null!;
    private string _database = null!;
    private GatewayHarness _gateway = null!;
    private readonly List<NpgsqlConnection> _clients = [];

    [SetUp]
    public async Task StartAsync()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await _server.CreateDatabaseAsync();
        await _server.ExecuteAsync(
            _database,
            """
            create table patients (id int primary key, name text not null, mrn text, born date, note text, ward text);
            insert into patients select i, 'name ' || i, 'MRN-' || i, '1970-01-01', null, 'W' || i % 3 from generate_series(1, 1000) i;
            create table wards as select i as id, repeat('x', 1000) as text from generate_series(1, 1000) i;
            grant all on patients, wards to public
            """);
    }

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync();
        _clients.Clear();
        await _gateway.DisposeAsync();
    }

    [Test]
    public async Task Paging_through_a_table_ends_where_the_budget_does_and_pages_seen_already_are_free()
    {
        var client = await OpenAsync(new Budget { PhiRows = 250 });
        var shown = 0;
        var codes = new List<string>();
        for (var page = 0; page < 5; page++)
        {
            var (rows, code) = await ReadAsync(client, $"select id, name from patients order by id limit 100 offset {100 * page}");
            shown += rows;
            codes.Add(code);
        }

        Assert.That(shown, Is.EqualTo(250));
        Assert.That(codes, Is.EqualTo(new[] { "", "", "budget-spent", "budget-spent", "budget-spent" }));
        Assert.That(await ReadAsync(client, "select id, ward from patients"), Is.EqualTo((1000, "")), "no PHI in the answer");
    }

    [Test]
    public async Task A_row_that_was_shown_is_shown_again_for_nothing()
    {
        var client = await OpenAsync(new Budget { PhiRows = 101 });

        for (var i = 0; i < 5; i++)
            Assert.That(await ReadAsync(client, "select name, id from patients order by id limit 100"), Is.EqualTo((100, "")));
    }

    [Test]
    public async Task A_cut_answer_leaves_the_connection_usable_and_the_transaction_aborted_on_both_sides()
    {
        var client = await OpenAsync(new Budget { PhiRows = 100 });
        await using var transaction = await client.BeginTransactionAsync();
        await ExecuteAsync(client, "update patients set ward = 'changed' where id = 1");

        Assert.That(await ReadAsync(client, "select id, name from patients"), Is.EqualTo((100, "budget-spent")));
        var later = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(client, "update patients set ward = 'changed' where id = 2"));
        Assert.That(later!.SqlState, Is.EqualTo(PostgresErrorCodes.InFailedSqlTransaction));
        await transaction.RollbackAsync();

        Assert.That(await ReadAsync(client, "select id, ward from patients where ward = 'changed'"), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task A_commit_behind_a_cut_answer_commits_nothing()
    {
        var client = await OpenAsync(new Budget { PhiRows = 100 });
        var said = await Psql.RunAsync(
            _gateway.Endpoint,
            """
            begin;
            update patients set ward = 'changed' where id = 1;
            select id, name from patients;
            commit;
            select count(*) as changed from patients where ward = 'changed';
            """);

        Assert.That(said.Output, Does.Match(@"changed \n-+\n +0"));
        Assert.That(said.Errors, Does.Contain("budget-spent"));
        Assert.That(await ReadAsync(client, "select id from patients where ward = 'changed'"), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task A_long_answer_is_cancelled_at_the_server_and_the_next_statement_is_not_hit()
    {
        var client = await OpenAsync(new Budget { PhiRows = 100 });

        Assert.That(await ReadAsync(client, "select a.name, b.name, c.name from patients a, patients b, patients c"), Is.EqualTo((100, "budget-spent")));

        for (var i = 0; i < 20; i++)
            Assert.That(await ReadAsync(client, "select id from patients"), Is.EqualTo((1000, "")));
    }

    [Test]
    public async Task The_cut_is_recorded_with_the_rows_that_were_shown()
    {
        var client = await OpenAsync(new Budget { PhiRows = 100 });
        await ReadAsync(client, "select id, name from patients");
        await client.CloseAsync();
        await _gateway.Journal.DisposeAsync();

        var records = Records();
        Assert.That(records.OfType<DecodedOutcome>().Count(static outcome =>
            outcome is { Status: OutcomeStatus.Failed, SqlState: "54000", Rows: 100 }), Is.EqualTo(1));
        Assert.That(records.OfType<DecodedRefused>().Count(static refused => refused.Code == "budget-spent"), Is.EqualTo(1));
    }

    [Test]
    public async Task Rows_of_COPY_count_one_by_one()
    {
        var client = await OpenAsync(new Budget { PhiRows = 100 });
        var lines = 0;
        var cut = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            using var reader = await client.BeginTextExportAsync("copy patients to stdout");
            while (await reader.ReadLineAsync() is not null)
                lines++;
        });

        Assert.That(cut!.Detail, Does.Contain("code=budget-spent").And.Contain("phi-rows: 100 of 100"));
        Assert.That(lines, Is.EqualTo(100));
    }

    [Test]
    public async Task What_changes_rows_is_not_undone_but_the_rest_of_what_it_returns_is_NULL()
    {
        var client = await OpenAsync(new Budget { PhiRows = 100 });
        var notices = new List<string?>();
        client.Notice += (_, notice) => notices.Add(notice.Notice.Detail);
        await using var command = new NpgsqlCommand("update patients set ward = 'changed' returning name", client);
        var (shown, hidden) = (0, 0);
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                if (await reader.IsDBNullAsync(0))
                    hidden++;
                else
                    shown++;

        Assert.That((shown, hidden), Is.EqualTo((100, 900)));
        Assert.That(notices, Has.One.Contains("code=budget-spent"));
        Assert.That(await ReadAsync(client, "select id from patients where ward = 'changed'"), Is.EqualTo((1000, "")));
    }

    [Test]
    public async Task Statements_behind_a_cut_one_in_the_same_text_still_run_and_show_no_PHI()
    {
        await OpenAsync(new Budget { PhiRows = 100 });
        var said = await Psql.RunAsync(_gateway.Endpoint, "select id, name from patients\\; select count(*) as everybody from patients;");

        Assert.That(said.Output, Does.Match(@"everybody \n-+\n +1000"));
        Assert.That(said.Errors, Does.Contain("budget-spent"));
    }

    [Test]
    public async Task Guesses_are_counted_each_once_and_refused_before_they_are_made()
    {
        var client = await OpenAsync(new Budget { PhiLiterals = 3 });

        Assert.That(await ReadAsync(client, "select id from patients where mrn = 'MRN-1'"), Is.EqualTo((1, "")));
        Assert.That(await ReadAsync(client, "select id from patients where mrn = 'MRN-1'"), Is.EqualTo((1, "")));
        Assert.That(await ReadAsync(client, "select id from patients where mrn = $1", "MRN-2"), Is.EqualTo((1, "")));
        Assert.That(await ReadAsync(client, "select id from patients where mrn = any($1)", (object)new[] { "MRN-1", "MRN-3", "MRN-4" }), Is.EqualTo((0, "budget-spent")));
        Assert.That(await ReadAsync(client, "select id from patients where mrn in ('MRN-1', 'MRN-3')"), Is.EqualTo((2, "")));
        Assert.That(await ReadAsync(client, "select id from patients where mrn = $1", "MRN-4"), Is.EqualTo((0, "budget-spent")));
        Assert.That(await ReadAsync(client, "select id from patients where mrn in (values ('MRN-4'))"), Is.EqualTo((0, "budget-spent")));
    }

    [Test]
    public async Task A_token_that_was_shown_is_no_guess()
    {
        var client = await OpenAsync(new Budget { PhiLiterals = 0 });
        await using var command = new NpgsqlCommand("select mrn from patients where id = 7", client);
        var token = (string)(await command.ExecuteScalarAsync())!;

        Assert.That(await ReadAsync(client, "select id from patients where mrn = $1", token), Is.EqualTo((1, "")));
        Assert.That(await ReadAsync(client, "select id from patients where mrn = $1", "MRN-7"), Is.EqualTo((0, "budget-spent")));
    }

    [Test]
    public async Task Bytes_cut_an_answer_within_a_receive_whatever_is_in_it()
    {
        var client = await OpenAsync(new Budget { Bytes = 200_000 });
        var (rows, code) = await ReadAsync(client, "select text from wards order by id");

        Assert.That(code, Is.EqualTo("budget-spent"));
        Assert.That(rows, Is.InRange(150, 999));
        Assert.That((await ReadAsync(client, "select 1")).Code, Is.EqualTo("budget-spent"));
    }

    [Test]
    public async Task Refusals_use_up_a_budget_of_their_own()
    {
        var client = await OpenAsync(new Budget { Refusals = 3 });
        for (var i = 0; i < 3; i++)
            Assert.That((await ReadAsync(client, "select id from patients where mrn like 'MRN-1%'")).Code, Is.EqualTo("inference-refused"));

        Assert.That((await ReadAsync(client, "select id from patients")).Code, Is.EqualTo("budget-spent"));
        await ExecuteAsync(client, "begin; rollback");
    }

    [Test]
    public async Task Another_session_a_moment_later_and_a_policy_reload_change_nothing()
    {
        var first = await OpenAsync(new Budget { PhiRows = 100 });
        await ReadAsync(first, "select id, name from patients order by id limit 100");
        await first.CloseAsync();
        var second = await ConnectAsync();

        Assert.That((await ReadAsync(second, "select id, name from patients order by id desc")).Code, Is.EqualTo("budget-spent"));
        _gateway.Policy.Current = Policy(new Budget { PhiRows = 150 });
        Assert.That(await ReadAsync(second, "select id, name from patients order by id desc"), Is.EqualTo((50, "budget-spent")));
    }

    [Test]
    public async Task PHI_that_a_rule_shows_as_it_is_counts_too()
    {
        var client = await OpenAsync(new Budget { PhiRows = 100 }, MaskProfile.Unmasked);

        Assert.That(await ReadAsync(client, "select id, name from patients"), Is.EqualTo((100, "budget-spent")));
        Assert.That(await ReadAsync(client, "select id, ward from patients"), Is.EqualTo((1000, "")));
    }

    [Test]
    public async Task Rows_of_which_no_token_shows_count_each_time_so_that_nobody_learns_which_are_equal()
    {
        var client = await OpenAsync(new Budget { PhiRows = 4 }, MaskProfile.Redacted);

        for (var i = 0; i < 4; i++)
            Assert.That(await ReadAsync(client, "select name from patients where id = 1"), Is.EqualTo((1, "")));
        Assert.That(await ReadAsync(client, "select name from patients where id = 1"), Is.EqualTo((0, "budget-spent")));
    }

    [Test]
    public async Task What_is_computed_from_PHI_does_not_tell_rows_apart()
    {
        var client = await OpenAsync(new Budget { PhiRows = 4 });

        for (var i = 0; i < 4; i++)
            Assert.That(await ReadAsync(client, "select left(name, 1) from patients where id = 1"), Is.EqualTo((1, "")));
        Assert.That(await ReadAsync(client, "select left(name, 1) from patients where id = 1"), Is.EqualTo((0, "budget-spent")));
    }

    [Test]
    public async Task What_is_left_does_not_tell_how_long_hidden_values_are()
    {
        var client = await OpenAsync(new Budget { Bytes = 1 << 20 }, MaskProfile.Redacted);
        await ReadAsync(client, "select name from patients where id = 1");
        var before = await LeftAsync(client);
        await ReadAsync(client, "select name from patients where id = 1000");

        Assert.That(await LeftAsync(client), Is.EqualTo(before));
    }

    [Test]
    public async Task The_session_can_ask_what_is_left()
    {
        var client = await OpenAsync(new Budget { PhiRows = 100, Bytes = 1 << 20 });
        await ReadAsync(client, "select id, name from patients order by id limit 30");

        Assert.That(await LeftAsync(client), Has.Member("budget phi-rows: up to 30 of 100 in the last hour"));
    }

    private static async Task<List<string>> LeftAsync(NpgsqlConnection client)
    {
        var lines = new List<string>();
        await using var command = new NpgsqlCommand("show phigate.whoami", client);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            if (reader.GetString(0).StartsWith("budget ", StringComparison.Ordinal))
                lines.Add($"{reader.GetString(0)}: {reader.GetString(1)}");
        return lines;
    }

    private async Task<NpgsqlConnection> OpenAsync(Budget budget, MaskProfile profile = MaskProfile.Pseudonymous)
    {
        _gateway = await GatewayHarness.StartAsync(_server, _database, Policy(budget, profile), new HospitalClassifier());
        return await ConnectAsync();
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var client = new NpgsqlConnection(NpgsqlConnections.StringFor(_gateway.Endpoint) + ";Include Error Detail=true");
        _clients.Add(client);
        await client.OpenAsync();
        return client;
    }

    private static AccessPolicy Policy(Budget budget, MaskProfile profile = MaskProfile.Pseudonymous) => new(
        [
            GatewayHarness.Masked(profile).Rules[0] with
            {
                Verdict = profile is MaskProfile.Unmasked ? Verdict.Allow : Verdict.Mask,
                Budget = budget,
            },
        ],
        $"budget {budget}");

    private static async Task<(int Rows, string Code)> ReadAsync(NpgsqlConnection client, string sql, params object[] parameters)
    {
        var rows = 0;
        try
        {
            await using var command = new NpgsqlCommand(sql, client);
            foreach (var parameter in parameters)
                command.Parameters.Add(new NpgsqlParameter { Value = parameter });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                rows++;
            return (rows, "");
        }
        catch (PostgresException refused) when (refused.Detail?.Split("code=") is [_, var rest])
        {
            return (rows, rest.Split(' ')[0]);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection client, string sql)
    {
        await using var command = new NpgsqlCommand(sql, client);
        await command.ExecuteNonQueryAsync();
    }

    private List<DecodedRecord> Records()
    {
        using var reader = new JournalReader(_gateway.JournalDirectory);
        var records = new List<DecodedRecord>();
        for (JournalReadResult step; (step = reader.Read()) is not JournalReadResult.End;)
            if (step is JournalReadResult.Record)
                records.Add(RecordDecoder.Decode(reader.Entry));
        return records;
    }
}
