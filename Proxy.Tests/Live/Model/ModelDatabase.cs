using Proxy.Core.Catalogue;
using Proxy.Core.Policy;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model;

/// <summary>Two databases with the same objects under the same identifiers: one behind the gateway, one for the run without it.</summary>
public static class ModelDatabase
{
    /// <summary>What the gateway refuses in the model: every statement about the structure.</summary>
    public static AccessPolicy Policy { get; } = new(
        [
            new AccessRule { Name = "no structure", Risk = new RiskCondition { AnyOf = RiskClasses.Schema }, Verdict = Verdict.Refuse },
            .. GatewayHarness.ShowEverything.Rules,
        ],
        "model");

    public static IColumnClassifier Classifier { get; } = new NothingIsPhi();

    private const string Objects = """
        create table item (n int primary key, label text);
        insert into item select n, 'label ' || n from generate_series(1, 6) n;
        create table secret (n int);
        """;

    /// <returns>The database behind the gateway and the one beside it.</returns>
    public static async Task<(string Behind, string Beside)> CreateAsync(PostgresServer server, int schemas)
    {
        var behind = await server.CreateDatabaseAsync("model");
        var logs = string.Concat(Enumerable.Range(0, schemas).Select(i => $"create schema w{i}; create table w{i}.log (id serial primary key, what text);"));
        await server.ExecuteAsync(behind, Objects + logs + "grant all on all tables in schema public to public;"
            + string.Concat(Enumerable.Range(0, schemas).Select(i =>
                $"grant all on schema w{i} to public; grant all on all tables in schema w{i} to public; grant all on all sequences in schema w{i} to public;")));
        var beside = behind + "_beside";
        await server.ExecuteAsync("postgres", $"create database {beside} template {behind}");
        return (behind, beside);
    }

    private sealed class NothingIsPhi : IColumnClassifier
    {
        public IdentifierClass Classify(string schema, string table, string column, string typeName) => IdentifierClass.NotPhi;
    }
}
