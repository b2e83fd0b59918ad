using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Evidence;

/// <summary>
/// As <see cref="PhiScanTests"/>, through MySQL: rows, literals, parameters, values in pieces, names, and what the server itself says of values in its errors.
/// </summary>
public sealed class MySqlPhiScanTests
{
    private const int Patients = 200;

    [Test]
    public async Task No_value_of_a_patient_is_readable_without_a_key()
    {
        var server = await SharedServers.MariaDbAsync();
        var database = await server.CreateDatabaseAsync("scanned");
        await server.ExecuteAsync(database, $"""
            create table patients (id int primary key, ssn varchar(40) not null unique, name varchar(80) not null);
            insert into patients select seq, concat('ssn-', md5(seq)), concat('name ', md5(concat('n', seq))) from seq_1_to_{Patients}
            """);
        var identifiers = await IdentifiersAsync(server, database);
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions { MariaDb = server, Database = database });
        foreach (var group in new[] { PhiGateOptions.ShowGroup, PhiGateOptions.RedactGroup })
            await AskAsync(gateway, group, identifiers[0], identifiers[1]);
        Assert.That(await gateway.StopAsync(), Is.Zero);

        var texts = (await RecordedEvents.OfAsync<DecodedIntent>(gateway.JournalDirectory)).Select(static intent => Encoding.UTF8.GetString(intent.Text));
        Assert.That(texts, Has.Some.Contains(identifiers[0]), "there is something to find, for whoever has the key");
        await WrittenTraces.HoldNoneOfAsync(gateway, identifiers);
    }

    private static async Task AskAsync(PhiGateProcess gateway, string group, string ssn, string name)
    {
        await using var client = await MySqlWireClient.OpenAsync(gateway.Endpoint(group));
        await client.QueryAsync("select * from patients order by id");
        await client.QueryAsync($"select * from patients where ssn = '{ssn}'");
        await client.QueryAsync($"insert into patients values (1, '{ssn}', '{name}')");
        await client.QueryAsync($"insert into patients values (0, '{ssn}', '{name}')");
        await client.QueryAsync($"select '{ssn}' from `{name}`");
        await client.QueryAsync($"selekt '{ssn}'");
        await client.QueryAsync($"select cast('{ssn}' as date), extractvalue('<a/>', '{name}')");
        await client.QueryAsync($"set @name = '{name}'");
        var prepared = await client.CommandAsync([22, .. "select * from patients where ssn = ?"u8]);
        Assert.That(prepared[0].IsOk, Is.True);
        byte[] id = prepared[0].Payload[1..5];
        byte[] text = Encoding.UTF8.GetBytes(ssn);
        await client.CommandAsync([23, .. id, 0, 1, 0, 0, 0, 0, 1, 253, 0, (byte)text.Length, .. text]);
        await client.SendPacketAsync(0, [24, .. id, 0, 0, .. text]);
        await client.CommandAsync([23, .. id, 0, 1, 0, 0, 0, 0, 1, 252, 0]);
    }

    private static async Task<List<string>> IdentifiersAsync(MariaDbServer server, string database)
    {
        await using var connection = await server.OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = "select ssn, name from patients order by id";
        await using var reader = await command.ExecuteReaderAsync();
        var identifiers = new List<string>();
        while (await reader.ReadAsync())
            identifiers.AddRange([reader.GetString(0), reader.GetString(1)]);
        return identifiers;
    }
}
