using System.Globalization;
using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Budgets;

/// <summary>The same budgets over MySQL's protocol: an answer is cut with an error in the place of its next row, in text and in binary, and the session lives.</summary>
public sealed class MySqlBudgetTests
{
    private readonly BudgetCodes _codes = new();
    private MariaDbServer _server = null!;
    private string _database = "";
    private MySqlJudgedGateway _judged = null!;
    private MySqlConnection _client = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await SharedServers.MariaDbAsync();
        _database = await _server.CreateDatabaseAsync("budget");
        await _server.ExecuteAsync(
            _database,
            """
            create table patients (id int primary key, name varchar(40) not null, mrn varchar(20), ward varchar(10));
            insert into patients select seq, concat('name ', seq), concat('MRN-', seq), concat('W', seq % 3) from seq_1_to_1000;
            create table wards as select seq as id, repeat('x', 1000) as text from seq_1_to_1000
            """);
    }

    [TearDown]
    public async Task End()
    {
        await _client.DisposeAsync();
        await _judged.DisposeAsync();
    }

    [OneTimeTearDown]
    public void Clear() => _codes.Dispose();

    [Test]
    public async Task A_budget_of_rows_cuts_the_answer_and_the_session_goes_on([Values] bool prepares)
    {
        await OpenAsync(new Budget { PhiRows = 100 });
        Assert.That(await ReadAsync("select id, name from patients order by id", prepares), Is.EqualTo((100, "budget-spent")));
        Assert.That(await ReadAsync("select id, name from patients order by id", prepares), Is.EqualTo((0, "budget-spent")), "spent before it runs");
        Assert.That(await ReadAsync("select id, ward from patients", prepares), Is.EqualTo((1000, "")), "no PHI in the answer");
    }

    [Test]
    public async Task A_budget_of_bytes_cuts_the_answer_and_the_session_goes_on([Values] bool prepares)
    {
        await OpenAsync(new Budget { Bytes = 100_000 });
        var (rows, code) = await ReadAsync("select id, text from wards order by id", prepares);
        Assert.That(code, Is.EqualTo("budget-spent"));
        Assert.That(rows, Is.InRange(95, 100));
        Assert.That(await _client.PingAsync(), Is.True);
        await using (await _client.BeginTransactionAsync())
        {
            // What is nothing but the session's own business draws on nothing.
        }
    }

    [Test]
    public async Task A_budget_of_literals_refuses_the_guess_too_many([Values] bool prepares)
    {
        await OpenAsync(new Budget { PhiLiterals = 3 }, RiskClasses.PhiEquality);
        for (var i = 1; i <= 3; i++)
            Assert.That(await ReadAsync("select ward from patients where mrn = @mrn", prepares, $"MRN-{i}"), Is.EqualTo((1, "")));
        Assert.That(await ReadAsync("select ward from patients where mrn = @mrn", prepares, "MRN-4"), Is.EqualTo((0, "budget-spent")));
        Assert.That(await ReadAsync("select ward from patients where mrn = @mrn", prepares, "MRN-2"), Is.EqualTo((1, "")), "guessed before");
    }

    [Test]
    public async Task Refusals_are_counted()
    {
        await OpenAsync(new Budget { Refusals = 2 });
        for (var i = 0; i < 2; i++)
            Assert.That((await ReadAsync("select id from patients where name like 'n%'", prepares: false)).Code, Is.EqualTo("inference-refused"));
        Assert.That(await ReadAsync("select id from patients", prepares: false), Is.EqualTo((0, "budget-spent")));
    }

    [Test]
    public async Task Statements_behind_a_cut_one_in_the_same_text_do_not_run()
    {
        await OpenAsync(new Budget { PhiRows = 100 });
        await using var command = new MySqlCommand("select id, name from patients; update patients set ward = 'ran' where id = 1", _client);
        Assert.That(command.ExecuteNonQueryAsync, Throws.InstanceOf<MySqlException>().With.Message.StartsWith("phigate code=budget-spent"));
        await using var check = await _server.OpenAsync(_database);
        Assert.That(await new MySqlCommand("select count(*) from patients where ward = 'ran'", check).ExecuteScalarAsync(), Is.Zero);
    }

    [Test]
    public async Task The_cut_is_recorded_with_the_rows_that_were_shown()
    {
        await OpenAsync(new Budget { PhiRows = 100 });
        await ReadAsync("select id, name from patients order by id", prepares: false);
        await _client.CloseAsync();
        // The client has its error before the rest of the server's rows has come, and with it the outcome.
        await Eventually.IsTrueAsync(
            () => Task.FromResult(RecordedEvents.Plain<DecodedOutcome>(_judged.Gateway.JournalDirectory).Any(static outcome => outcome.Rows > 0)), "the outcome is recorded");
        await _judged.Gateway.Journal.DisposeAsync();
        var records = SessionRecords.Read(_judged.Gateway.JournalDirectory);
        Assert.That(records.OfType<DecodedRefused>().Count(static refused => refused.Code == "budget-spent"), Is.EqualTo(1));
        Assert.That(records.OfType<DecodedOutcome>().Max(static outcome => outcome.Rows), Is.EqualTo(100));
    }

    private async Task OpenAsync(Budget budget, RiskClasses more = RiskClasses.None)
    {
        _judged = await MySqlJudgedGateway.StartAsync(
            _server, _database, new NamedColumns(new Dictionary<string, IdentifierClass> { ["name"] = IdentifierClass.Name, ["mrn"] = IdentifierClass.MedicalRecordNumber }),
            MySqlJudgedGateway.Masked(budget, more), new BudgetBook(_codes, TimeProvider.System));
        _client = new MySqlConnection(_judged.ConnectionString);
        await _client.OpenAsync();
    }

    private async Task<(int Rows, string Code)> ReadAsync(string text, bool prepares, string? mrn = null)
    {
        var rows = 0;
        try
        {
            await using var command = new MySqlCommand(text, _client);
            if (mrn is not null) command.Parameters.AddWithValue("@mrn", mrn);
            if (prepares) await command.PrepareAsync();
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) rows++;
            return (rows, "");
        }
        catch (MySqlException error)
        {
            var code = error.Message.Split(' ')[1];
            return (rows, code.StartsWith("code=", StringComparison.Ordinal) ? code["code=".Length..] : string.Create(CultureInfo.InvariantCulture, $"{error.Number}"));
        }
    }
}
