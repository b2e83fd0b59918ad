using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.MaskedWrites;

/// <summary>Entities of SQLAlchemy, Hibernate and plain JDBC, as <see cref="EntityFrameworkTests"/> for Entity Framework.</summary>
[TestFixture(MaskProfile.Redacted)]
[TestFixture(MaskProfile.Pseudonymous)]
public sealed class OtherEntityTests(MaskProfile profile)
{
    private PostgresServer _server = null!;
    private string _database = null!;
    private GatewayHarness _gateway = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await SharedServers.PostgresAsync();
        _database = await _server.CreateDatabaseAsync();
        await _server.ExecuteAsync(
            _database,
            """
            create table patients (id int primary key, name text not null, mrn text not null, born date not null, ward text not null);
            insert into patients values (1, 'Ada', 'MRN-1', '1970-02-03', 'A');
            grant all on patients to public
            """);
        _gateway = await GatewayHarness.StartAsync(_server, _database, GatewayHarness.Masked(profile), new HospitalClassifier());
    }

    [TearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task SQLAlchemy_saves_a_clean_column_and_is_refused_the_whole()
    {
        var endpoint = _gateway.Endpoint;
        var said = await Command.RunAsync("/usr/bin/python3", [Beside("orm_entity.py")], "", new Dictionary<string, string?>
        {
            ["PGHOST"] = endpoint.Host,
            ["PGPORT"] = endpoint.Port.ToString(CultureInfo.InvariantCulture),
            ["PGDATABASE"] = endpoint.Database,
            ["PGUSER"] = endpoint.User,
            ["PGPASSWORD"] = endpoint.Password,
            ["PGSSLMODE"] = "verify-full",
            ["PGSSLROOTCERT"] = endpoint.AuthorityPath,
            ["PYTHONDONTWRITEBYTECODE"] = "1",
        });

        Assert.That(said.Output, Is.EqualTo("clean saved\nwhole masked-write\n"), said.Errors);
        Assert.That(await RowAsync(), Is.EqualTo("1|Ada|MRN-1|1970-02-03|B"));
    }

    [Test]
    public async Task JDBC_saves_a_clean_column_is_refused_the_whole_and_finds_a_token_again()
    {
        var endpoint = _gateway.Endpoint;
        var said = await Command.RunAsync("java",
            [
                "-Dfile.encoding=UTF-8", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", "/usr/share/java/postgresql.jar", Beside("JdbcEntity.java"),
                $"jdbc:postgresql://{endpoint.Host}:{endpoint.Port}/{endpoint.Database}?sslmode=verify-full&sslrootcert={endpoint.AuthorityPath}",
                endpoint.User, endpoint.Password,
            ]);

        // What is redacted was shown to nobody, so nothing is found by it.
        var found = profile is MaskProfile.Pseudonymous ? "1" : "0";
        Assert.That(said.Output, Is.EqualTo($"clean saved\nwhole masked-write\nfound {found}\n"), said.Errors);
        Assert.That(await RowAsync(), Is.EqualTo("1|Ada|MRN-1|1970-02-03|B"));
    }

    [Test]
    public async Task Hibernate_saves_a_clean_column_is_refused_the_whole_and_finds_a_token_again()
    {
        var said = await HibernateProgram.RunAsync(Beside("HibernateEntity.java"), _gateway.Endpoint);

        var found = profile is MaskProfile.Pseudonymous ? "[1]" : "[]";
        Assert.That(said, Is.EqualTo(new[]
        {
            "clean saved", "whole masked-write", "merged masked-write", "updated masked-write", "copied masked-write", $"found {found}",
        }));
        Assert.That(await RowAsync(), Is.EqualTo("1|Ada|MRN-1|1970-02-03|B"));
    }

    private async Task<string> RowAsync()
    {
        await using var connection = await _server.OpenAsync(_database);
        await using var command = new NpgsqlCommand("select concat_ws('|', id, name, mrn, born, ward) from patients", connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static string Beside(string file, [CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, file);
}
