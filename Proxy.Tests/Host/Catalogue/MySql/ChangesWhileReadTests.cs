using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Sql;
using Proxy.Host.Catalogue.MySql;
using Proxy.Tests.Core.Sql.Lineage.MySql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Catalogue.MySql;

/// <summary>
/// The catalogue of MySQL is many answers and no snapshot: what other sessions do between two of them leaves tables without their keys, or keys without a table.
/// </summary>
public sealed class ChangesWhileReadTests
{
    [Test]
    public async Task What_changes_while_the_catalogue_is_read_is_read_again_at_once()
    {
        var server = await SharedServers.MariaDbAsync();
        var database = await server.CreateDatabaseAsync("changing");
        await server.ExecuteAsync(database, "create table before_it (id int primary key); create view seen as select id from before_it");
        var frontEnd = new InterferingFrontEnd(() => server.ExecuteAsync(database, "create table meanwhile (id int primary key)"));
        await using var loader = new MySqlCatalogueLoader(new MySqlConnectionStringBuilder(server.ConnectionString()), frontEnd, TimeProvider.System);

        var (facts, _) = await loader.LoadAsync(CancellationToken.None);

        Assert.That(Names(facts, database), Is.EquivalentTo(["before_it", "seen", "meanwhile"]));
    }

    /// <summary>A server on which somebody makes temporary tables all the time is read nevertheless.</summary>
    [Test]
    public async Task A_server_that_never_rests_is_read()
    {
        var server = await SharedServers.MariaDbAsync();
        var database = await server.CreateDatabaseAsync("restless");
        await server.ExecuteAsync(database, "create table before_it (id int primary key); create view seen as select id from before_it");
        var made = 0;
        var frontEnd = new InterferingFrontEnd(() => server.ExecuteAsync(database, $"create table meanwhile_{++made} (id int)"), always: true);
        await using var loader = new MySqlCatalogueLoader(new MySqlConnectionStringBuilder(server.ConnectionString()), frontEnd, TimeProvider.System);

        var (facts, _) = await loader.LoadAsync(CancellationToken.None);

        Assert.That(Names(facts, database), Does.Contain("before_it"));
    }

    private static IEnumerable<string> Names(CatalogueFacts facts, string database) =>
        facts.Relations.Where(relation => relation.Schema == database).Select(static relation => relation.Name);

    /// <summary>Does something on the server when the first view (or every one) is read, which comes after all questions.</summary>
    private sealed class InterferingFrontEnd(Func<Task> interfere, bool always = false) : ISqlFrontEnd
    {
        private bool _hasInterfered;

        public bool TryAnalyse(ReadOnlySpan<byte> text, out StatementAnalysis analysis)
        {
            analysis = new StatementAnalysis { Fingerprint = 0, Status = AnalysisStatus.Read };
            return false;
        }

        public async ValueTask<StatementAnalysis> AnalyseAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
        {
            if (always || !_hasInterfered)
            {
                _hasInterfered = true;
                await interfere();
            }

            return await MySqlLineageFixture.FrontEnd.AnalyseAsync(text, cancellationToken);
        }
    }
}
