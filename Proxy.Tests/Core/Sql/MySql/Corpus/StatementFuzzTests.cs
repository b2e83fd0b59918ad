using System.Globalization;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.MySql;
using Proxy.Core.Sql.Syntax;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>
/// Statements that nobody would write, judged by a server: each account may read all but one thing, so that a statement which the server prepares for
/// the administrator and not for that account reads that thing; and then we have to say so.
/// </summary>
public sealed class StatementFuzzTests
{
    private const int StatementsPerMode = 500;
    private const string Password = "fuzz-secret";

    private static readonly string[] Modes =
        ["", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "PIPES_AS_CONCAT", "IGNORE_SPACE", "HIGH_NOT_PRECEDENCE", "ANSI", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES"];

    private static readonly HiddenThing[] Hidden =
    [
        new("no_ssn", null, "ssn", "grant select (id, name, dob) on fuzz.patients to no_ssn; grant select on fuzz.visits to no_ssn"),
        new("no_name", null, "name", "grant select (id, ssn, dob) on fuzz.patients to no_name; grant select on fuzz.visits to no_name"),
        new("no_note", null, "note", "grant select on fuzz.patients to no_note; grant select (id, patient_id, day) on fuzz.visits to no_note"),
        new("no_visits", "visits", null, "grant select on fuzz.patients to no_visits"),
        new("no_patients", "patients", null, "grant select on fuzz.visits to no_patients"),
    ];

    [Test]
    public async Task No_relation_and_no_column_is_read_by_the_server_that_we_do_not_see()
    {
        var judges = await FuzzJudges.StartAsync(Hidden, Password);
        var mutator = new StatementMutator(new Random(Proof.Seed));
        var (sent, read, accepted) = (Proof.Size(6_000, 100_000), 0, 0);
        var relations = await RelationsAsync(judges.Admin);
        var ends = 0;
        var faults = new List<string>();
        for (var i = 0; i < sent; i++)
        {
            var mode = Modes[i / StatementsPerMode % Modes.Length];
            if (i % StatementsPerMode == 0)
                await judges.SetModeAsync(mode);
            var text = mutator.Next();
            var analysis = MySqlText.Analyse(text, MySqlText.MariaDb with { Modes = MySqlReadSettings.ModesOf(mode) });
            // DESCRIBE prepares for any table, and is refused for one that is not there.
            if (analysis is not { Status: AnalysisStatus.Read, Statements: [{ OpaqueBecause: null } reading] }
                || reading.Relations.Any(mention => !relations.ContainsKey(mention.Name)))
                continue;
            read++;
            try
            {
                var (error, columns, _) = await judges.Admin.PrepareAsync(text);
                if (error != 0)
                    continue;
                accepted++;
                if (reading.Syntax is QueryStatement { Query: { Into: null } query } && new ColumnNames(relations).Of(query) is { } names && names.Count != columns)
                    faults.Add(string.Create(CultureInfo.InvariantCulture, $"[{mode}] {columns} columns, not {names.Count}: {text}"));
                foreach (var (thing, connection) in judges.Readers)
                    if (!thing.IsSeenIn(reading) && await connection.PrepareAsync(text) is (not 0, _, _) refused)
                        faults.Add(string.Create(CultureInfo.InvariantCulture, $"[{mode}] reads {thing.Column ?? thing.Relation} ({refused.Error}): {text}"));
            }
            catch (IOException)
            {
                // Some statements end the server itself. What it would have read nobody knows: the next ones are judged by another.
                ends++;
                await TestContext.Out.WriteLineAsync($"ended the server: [{mode}] {text}");
                await judges.DisposeAsync();
                judges = await FuzzJudges.StartAsync(Hidden, Password);
                await judges.SetModeAsync(mode);
            }
        }

        await judges.DisposeAsync();
        Proof.Record(
            "MySQL, mutated statements judged by MariaDB",
            string.Create(CultureInfo.InvariantCulture, $"{sent:N0} statements, seed {Proof.Seed}: {read:N0} read, {accepted:N0} of them prepared by the server, {ends} end it; {faults.Count} name what we do not see"));
        await TestContext.Out.WriteLineAsync($"{sent} sent, {read} read, {accepted} accepted");
        Assert.Multiple(() =>
        {
            Assert.That(faults.Take(50), Is.Empty);
            Assert.That(accepted, Is.GreaterThan(sent / 50));
        });
    }

    private static async Task<Dictionary<QualifiedName, List<string>>> RelationsAsync(StatementServer admin)
    {
        var relations = new Dictionary<QualifiedName, List<string>>();
        foreach (var table in new[] { "patients", "visits" })
            relations[new QualifiedName(null, table)] = relations[new QualifiedName("fuzz", table)] = (await admin.PrepareAsync($"select * from {table}")).Names;
        return relations;
    }
}
