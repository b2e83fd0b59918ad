using Microsoft.EntityFrameworkCore;
using Npgsql;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Tests.Live.Clients;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.MaskedWrites;

/// <summary>An entity that Entity Framework loaded through PhiGate and saves again.</summary>
[TestFixture(MaskProfile.Redacted)]
[TestFixture(MaskProfile.Pseudonymous)]
public sealed class EntityFrameworkTests(MaskProfile profile)
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
            create table patients (id int primary key, name text not null, mrn varchar(30) not null, born date not null, ward text not null);
            insert into patients values (1, 'Ada', 'MRN-1', '1970-02-03', 'A');
            grant all on patients to public
            """);
        _gateway = await GatewayHarness.StartAsync(_server, _database, GatewayHarness.Masked(profile), new HospitalClassifier());
    }

    [TearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task A_clean_column_that_changed_is_saved()
    {
        await using var hospital = new Hospital(_gateway.Endpoint);
        var patient = await hospital.Patients.SingleAsync(patient => patient.Id == 1);
        patient.Ward = "B";

        await hospital.SaveChangesAsync();

        Assert.That(await RowAsync(), Is.EqualTo("1|Ada|MRN-1|1970-02-03|B"));
    }

    [Test]
    public async Task An_entity_that_is_saved_whole_is_refused_as_a_masked_write()
    {
        await using var hospital = new Hospital(_gateway.Endpoint);
        var patient = await hospital.Patients.SingleAsync(patient => patient.Id == 1);
        patient.Ward = "B";
        hospital.Update(patient);

        DbUpdateException? refused = null;
        try
        {
            await hospital.SaveChangesAsync();
        }
        catch (DbUpdateException thrown)
        {
            refused = thrown;
        }

        Assert.That((refused?.InnerException as PostgresException)?.Detail, Does.Contain("code=masked-write"));
        Assert.That(await RowAsync(), Is.EqualTo("1|Ada|MRN-1|1970-02-03|A"));
    }

    [Test]
    public async Task An_entity_is_found_by_a_token_that_was_read_on_another_connection()
    {
        string token;
        await using (var first = new Hospital(_gateway.Endpoint))
            token = (await first.Patients.SingleAsync(patient => patient.Id == 1)).Mrn;
        await using var second = new Hospital(_gateway.Endpoint);
        var found = await second.Patients.CountAsync(patient => patient.Mrn == token);

        Assert.That(found, Is.EqualTo(profile is MaskProfile.Pseudonymous ? 1 : 0));
    }

    private async Task<string> RowAsync()
    {
        await using var connection = await _server.OpenAsync(_database);
        await using var command = new NpgsqlCommand("select concat_ws('|', id, name, mrn, born, ward) from patients", connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private sealed class Hospital(ClientEndpoint endpoint) : DbContext
    {
        public DbSet<Patient> Patients => Set<Patient>();

        protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql(NpgsqlConnections.StringFor(endpoint) + ";Include Error Detail=true");

        protected override void OnModelCreating(ModelBuilder model) => model.Entity<Patient>(patient =>
        {
            patient.ToTable("patients");
            patient.Property(static value => value.Id).HasColumnName("id").ValueGeneratedNever();
            patient.Property(static value => value.Name).HasColumnName("name");
            patient.Property(static value => value.Mrn).HasColumnName("mrn");
            patient.Property(static value => value.Born).HasColumnName("born");
            patient.Property(static value => value.Ward).HasColumnName("ward");
        });
    }

    private sealed class Patient
    {
        public int Id { get; set; }
        public string Name { get; set; } = "";
        public string Mrn { get; set; } = "";
        public DateOnly Born { get; set; }
        public string Ward { get; set; } = "";
    }
}
