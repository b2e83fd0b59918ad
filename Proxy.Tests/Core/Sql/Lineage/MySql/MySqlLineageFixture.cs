using MySqlConnector;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql;
using Proxy.Core.Sql.MySql;
using Proxy.Host.Catalogue;
using Proxy.Host.Catalogue.MySql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.Lineage.MySql;

/// <summary>The catalogue of a small hospital on a real MariaDB, in databases of its own.</summary>
internal static class MySqlLineageFixture
{
    public const string Hospital = "lineage_hospital";
    public const string Archive = "lineage_archive";

    private const string Create = """
        create table wards (name varchar(40) primary key, floor int not null, beds int not null, nurse varchar(40));
        create table patients (
            id int primary key, ssn varchar(11) not null unique, mrn varchar(20), surname varchar(40), dob date, ward varchar(40) references wards (name), risk int, chart json,
            account bigint, status enum('open', 'it''s closed') not null, ssn_digits varchar(9) generated always as (replace(`ssn`, '-', '')) stored,
            shape polygon not null default (st_geomfromtext('POLYGON((0 0,0 1,1 1,0 0))')));
        create table visits (id int primary key, patient int, mrn varchar(20), ssn_number bigint, note text, cost decimal(10,2), constraint visits_patient foreign key (patient) references patients (id));
        create table dump (k varchar(100), v text);
        create table `Odd Table` (`homePhone` varchar(30), `patientId` int);
        create table births (id int not null, dob date not null, primary key (id, dob)) partition by range (year(dob)) (partition early values less than (1940), partition late values less than maxvalue);
        create table watched (id int);
        create trigger watch before insert on watched for each row set new.id = new.id + 1;
        create view directory as select id, surname as label, ward, lower(ssn) as low, ssn is null as missing from patients;
        create algorithm = temptable view floors as select ward, count(*) as n, avg(risk) as risk from patients group by ward;
        create view deep as select d.label as who, d.ward from directory d;
        create function beds_of(w varchar(40)) returns int reads sql data return (select beds from wards where name = w);
        create function ssn_of(pid int) returns varchar(20) reads sql data return (select ssn from patients where id = pid);
        create function hidden(name varchar(40)) returns varchar(40) reads sql data return (select name from wards limit 1);
        create procedure card(in pid int) select ssn from patients where id = pid;
        """;

    private static readonly Lazy<Task<CatalogueSnapshot>> Loaded = new(LoadAsync);

    private static readonly MySqlFrontEnd Reader = new(new MySqlFrontEndOptions());

    public static ISqlFrontEnd FrontEnd => Reader.For(MySqlReadSettings.Default);

    public static Task<CatalogueSnapshot> SnapshotAsync() => Loaded.Value;

    public static async Task<StatementReading> ReadAsync(string sql)
    {
        var analysis = await FrontEnd.AnalyseAsync(System.Text.Encoding.UTF8.GetBytes(sql), CancellationToken.None);
        return analysis is { Status: AnalysisStatus.Read, Statements: [var only] } ? only : throw new InvalidOperationException($"{analysis}: {analysis.Reason}");
    }

    private static async Task<CatalogueSnapshot> LoadAsync()
    {
        var server = await SharedServers.MariaDbAsync();
        await server.ExecuteAsync("mysql", $"create database {Hospital} character set utf8mb4; create database {Archive} character set utf8mb4");
        await server.ExecuteAsync(Hospital, Create);
        await server.ExecuteAsync(Archive, "create table patients (id int primary key, ssn char(11), name varchar(40)); create table wards (name varchar(40), secret varchar(40))");
        await using var source = new CatalogueSource(
            new MySqlCatalogueLoader(new MySqlConnectionStringBuilder(server.ConnectionString()), FrontEnd, TimeProvider.System), new Classes(), FrontEnd, TimeProvider.System);
        await source.LoadAsync(CancellationToken.None);
        return source.Current;
    }

    private sealed class Classes : IColumnClassifier
    {
        public IdentifierClass Classify(string schema, string table, string column, string typeName) => (schema, table, column) switch
        {
            (_, "patients", "ssn") or (_, "visits", "ssn_number") => IdentifierClass.SocialSecurityNumber,
            (Hospital, "patients" or "visits", "mrn") => IdentifierClass.MedicalRecordNumber,
            (Hospital, "patients", "surname") => IdentifierClass.Name,
            (Hospital, "patients" or "births", "dob") => IdentifierClass.Date,
            (Hospital, "patients", "account") => IdentifierClass.AccountNumber,
            (Hospital, "patients", "chart") or (Hospital, "visits", "note") => IdentifierClass.FreeText,
            (Archive, "wards", "secret") => IdentifierClass.FreeText,
            (Hospital, "Odd Table", "homePhone") => IdentifierClass.Telephone,
            (Hospital or Archive, _, not "ssn_digits") => IdentifierClass.NotPhi,
            _ => IdentifierClass.Unreviewed,
        };
    }
}
