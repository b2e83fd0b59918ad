using System.Globalization;
using System.Text;
using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Sql.MySql;
using Proxy.Host.Catalogue;
using Proxy.Host.Catalogue.MySql;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Attacks.MySql;

/// <summary>Attempts of hostile readers at a MariaDB in which the gateway's own account may do everything in its database; each with its verdict.</summary>
public sealed class MySqlAttackTests
{
    private static readonly Principal Agent = new() { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };

    private readonly MaskingKeys _keys = new(new byte[32]);
    private MariaDbServer _server = null!;
    private string _database = null!;
    private CatalogueSource _catalogue = null!;
    private MySqlGatewayHarness _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await MariaDbServer.StartAsync();
        _database = await _server.CreateDatabaseAsync("attacked");
        await _server.ExecuteAsync(_database, MySqlAttackDatabase.Create);
        var frontEnd = new MySqlFrontEnd(new MySqlFrontEndOptions()).For(MySqlReadSettings.Default);
        _catalogue = new CatalogueSource(
            new MySqlCatalogueLoader(new MySqlConnectionStringBuilder(_server.ConnectionString()), frontEnd, TimeProvider.System), new Classifier(), frontEnd, TimeProvider.System);
        await _catalogue.LoadAsync(CancellationToken.None);
        _catalogue.Start();
        var policy = new SwitchablePolicy(Strict());
        _gateway = await MySqlGatewayHarness.StartAsync(
            _server.Port, _database, frontEnd, () => new SessionJudge(Agent, "test", _database, policy, _catalogue, new MaskPlanner(_keys), TimeProvider.System));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _catalogue.DisposeAsync();
        await _server.DisposeAsync();
        _keys.Dispose();
    }

    [TestCaseSource(nameof(Attacks))]
    public async Task No_value_comes_out(MySqlAttack attack)
    {
        var (seen, verdict) = await PlayAsync(attack, _gateway.ConnectionString);

        Assert.That(MySqlAttackDatabase.Canaries.Where(canary => Shows(seen, canary)), Is.Empty, seen);
        Assert.That(verdict, Is.EqualTo(attack.Verdict), seen);
    }

    /// <summary>Otherwise a case that is wrong would look like one that is withstood.</summary>
    [TestCaseSource(nameof(MaskedAttacks))]
    public async Task Without_the_gateway_something_comes_out(MySqlAttack attack)
    {
        var (seen, verdict) = await PlayAsync(attack, _server.ConnectionString(_database));

        Assert.That(verdict, Is.EqualTo(AttackVerdict.Masked), seen);
    }

    /// <summary>What the cases of rows.txt are about: the server reads by the index, and the order says who has the lower number.</summary>
    [TestCase("select id from beds where ward = 'A'")]
    [TestCase("select id from beds force index (by_ward)")]
    [TestCase("select id, room from beds force index (by_ward) order by ward")]
    public async Task Without_the_gateway_rows_come_in_the_order_of_an_index(string statement)
    {
        var (seen, _) = await PlayAsync(new MySqlAttack("", AttackVerdict.Refused, "", [statement]), _server.ConnectionString(_database));

        Assert.That(seen.IndexOf("2\t", StringComparison.Ordinal), Is.LessThan(seen.IndexOf("1\t", StringComparison.Ordinal)), seen);
    }

    /// <summary>It was decided on when it was prepared, and there was nothing to warn of yet.</summary>
    [TestCase("show warnings")]
    [TestCase("show errors")]
    [TestCase("select @@warning_count")]
    public async Task A_statement_prepared_before_does_not_show_warnings_of_what_came_after(string sql)
    {
        await using var connection = new MySqlConnection(_gateway.ConnectionString);
        await connection.OpenAsync();
        await using var warnings = new MySqlCommand(sql, connection);
        var seen = new StringBuilder();
        try
        {
            await warnings.PrepareAsync();
            await ShowAsync(connection, "select cast(surname as date) as x from patients where id = 1", new StringBuilder());
            await using var reader = await warnings.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                for (var i = 0; i < reader.FieldCount; i++)
                    seen.Append(Written(reader, i)).Append('\t');
        }
        catch (MySqlException error)
        {
            seen.AppendLine(error.Message);
        }

        Assert.That(MySqlAttackDatabase.Canaries.Where(canary => Shows(seen.ToString(), canary)), Is.Empty, seen.ToString());
        Assert.That(seen.ToString(), Does.Not.StartWith("1\t"), "It counts.");
    }

    private static IEnumerable<TestCaseData<MySqlAttack>> Attacks() => Named(MySqlAttack.All);

    private static IEnumerable<TestCaseData<MySqlAttack>> MaskedAttacks() => Named(MySqlAttack.All.Where(static attack => attack.Verdict is AttackVerdict.Masked));

    private static IEnumerable<TestCaseData<MySqlAttack>> Named(IEnumerable<MySqlAttack> attacks) =>
        attacks.Select(attack => new TestCaseData<MySqlAttack>(attack).SetArgDisplayNames(attack.ToString()));

    private static async Task<(string Seen, AttackVerdict Verdict)> PlayAsync(MySqlAttack attack, string connectionString)
    {
        var seen = new StringBuilder();
        var verdict = AttackVerdict.Harmless;
        await using var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync();
        foreach (var statement in attack.Statements)
        {
            try
            {
                if (await ShowAsync(connection, statement, seen) && verdict is AttackVerdict.Harmless)
                    verdict = AttackVerdict.Masked;
            }
            catch (MySqlException error)
            {
                seen.AppendLine(CultureInfo.InvariantCulture, $"{error.Number} {error.Message}");
                if (error.Message.Contains("phigate", StringComparison.OrdinalIgnoreCase) && !error.Message.Contains("hidden by PhiGate", StringComparison.Ordinal))
                    verdict = AttackVerdict.Refused;
                else if (verdict is not AttackVerdict.Refused)
                    verdict = AttackVerdict.Failed;
            }
        }
        return (seen.ToString(), verdict);
    }

    private static async Task<bool> ShowAsync(MySqlConnection connection, string statement, StringBuilder seen)
    {
        var isPrepared = statement.StartsWith("P ", StringComparison.Ordinal);
        var parts = (isPrepared ? statement[2..] : statement).Split(" || ");
        await using var command = new MySqlCommand(parts[0], connection);
        foreach (var value in parts.Skip(1))
            command.Parameters.Add(new MySqlParameter { Value = value[0] == '#' ? int.Parse(value[1..], CultureInfo.InvariantCulture) : value });
        if (isPrepared)
            await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        var hasRows = false;
        while (await reader.ReadAsync())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                hasRows = true;
                seen.Append(reader.IsDBNull(i) ? "NULL" : Written(reader, i)).Append('\t');
            }
            seen.AppendLine();
        }
        return hasRows;
    }

    private static string Written(MySqlDataReader reader, int column) => reader.GetValue(column) switch
    {
        byte[] bytes => Encoding.Latin1.GetString(bytes),
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static bool Shows(string seen, string canary) =>
        seen.Contains(canary, StringComparison.OrdinalIgnoreCase)
        || seen.Contains(Convert.ToHexString(Encoding.ASCII.GetBytes(canary)), StringComparison.OrdinalIgnoreCase)
        || seen.Contains(Convert.ToBase64String(Encoding.ASCII.GetBytes(canary)).TrimEnd('='), StringComparison.Ordinal);

    /// <summary>As the shipped strict policy: no PHI in any condition.</summary>
    private static AccessPolicy Strict() => new(
        [
            new AccessRule
            {
                Name = "masked",
                Risk = new RiskCondition
                {
                    Within = RiskClasses.Read | RiskClasses.PhiRead | RiskClasses.BulkRead | RiskClasses.Write | RiskClasses.BulkWrite | RiskClasses.Session,
                },
                Verdict = Verdict.Mask,
                Profile = MaskProfile.Redacted,
            },
        ],
        "strict");

    /// <summary>What a DBA would say of the base tables; what is derived is left to the catalogue.</summary>
    private sealed class Classifier : IColumnClassifier
    {
        private static readonly HashSet<string> ShownTables = ["departments", "dump"];
        private static readonly HashSet<string> ShownColumns =
            ["patients.id", "patients.ward", "patients.risk", "visits.id", "visits.ward", "births.id", "moves.id", "moves.ward", "beds.id", "beds.ward", "beds.room", "watched.id", "watched.note"];

        public IdentifierClass Classify(string schema, string table, string column, string typeName) =>
            ShownTables.Contains(table) || ShownColumns.Contains($"{table}.{column}") ? IdentifierClass.NotPhi
            : column switch
            {
                "ssn" => IdentifierClass.SocialSecurityNumber,
                "surname" => IdentifierClass.Name,
                "born" => IdentifierClass.Date,
                "account" => IdentifierClass.AccountNumber,
                "chart" or "note" => IdentifierClass.FreeText,
                _ => IdentifierClass.Unreviewed,
            };
    }
}
