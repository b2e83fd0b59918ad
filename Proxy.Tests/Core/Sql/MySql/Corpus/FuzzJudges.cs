using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>A server with two tables, an administrator, and the accounts that each lack something.</summary>
internal sealed class FuzzJudges : IAsyncDisposable
{
    private readonly MariaDbServer _server;

    private FuzzJudges(MariaDbServer server, StatementServer admin, List<(HiddenThing Thing, StatementServer Server)> readers)
    {
        _server = server;
        Admin = admin;
        Readers = readers;
    }

    public StatementServer Admin { get; }

    public IReadOnlyList<(HiddenThing Thing, StatementServer Server)> Readers { get; }

    public static async Task<FuzzJudges> StartAsync(IReadOnlyList<HiddenThing> hidden, string password)
    {
        var server = await MariaDbServer.StartAsync(new MariaDbServerOptions());
        var admin = await ConnectAsync(server, MariaDbUser.Admin.Name, MariaDbUser.Admin.Password);
        string[] statements =
        [
            "create database fuzz", "create table fuzz.patients (id int primary key, name varchar(80), ssn char(11), dob date)",
            "create table fuzz.visits (id int primary key, patient_id int, day date, note text)",
            .. hidden.SelectMany(thing => thing.Statements(password)), "use fuzz",
        ];
        foreach (var statement in statements)
            Assert.That(await admin.RunAsync(statement), Is.Zero, statement);
        var readers = new List<(HiddenThing Thing, StatementServer Server)>();
        foreach (var thing in hidden)
        {
            readers.Add((thing, await ConnectAsync(server, thing.Account, password)));
            await readers[^1].Server.RunAsync("use fuzz");
        }
        return new FuzzJudges(server, admin, readers);
    }

    public async Task SetModeAsync(string mode)
    {
        await Admin.RunAsync($"set sql_mode = '{mode}'");
        foreach (var (_, connection) in Readers)
            await connection.RunAsync($"set sql_mode = '{mode}'");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, connection) in Readers)
            await connection.DisposeAsync();
        await Admin.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static Task<StatementServer> ConnectAsync(MariaDbServer server, string user, string password) =>
        StatementServer.ConnectAsync(MariaDbServer.Host, server.Port, user, password);
}
