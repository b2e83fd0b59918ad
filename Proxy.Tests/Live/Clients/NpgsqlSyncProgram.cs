using Npgsql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>Npgsql by its blocking methods.</summary>
internal static class NpgsqlSyncProgram
{
    public static IReadOnlyList<ClientStep> Run(ClientEndpoint endpoint)
    {
        var steps = new List<ClientStep>();
        using var connection = new NpgsqlConnection(NpgsqlConnections.StringFor(endpoint));
        connection.Open();
        steps.Add(new ClientStep("rows", Query(connection, "select id, name, born, weight, active from patient order by id")));
        using (var transaction = connection.BeginTransaction())
        {
            using var command = new NpgsqlCommand("insert into note (body) values ($1) returning id", connection, transaction);
            command.Parameters.Add(new NpgsqlParameter { Value = "sync" });
            command.Prepare();
            steps.Add(new ClientStep("prepared insert", $"{command.ExecuteScalar()}, {command.ExecuteScalar()}"));
            transaction.Rollback();
        }
        steps.Add(new ClientStep("rolled back", Query(connection, "select count(*) from note")));
        using (var writer = connection.BeginTextImport("copy note (id, body) from stdin"))
            writer.Write("1\tone\n");
        steps.Add(new ClientStep("copied", Query(connection, "select body from note")));
        return steps;
    }

    private static string Query(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return NpgsqlConnections.Print(rows);
    }
}
