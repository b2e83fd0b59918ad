using System.Collections.Immutable;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Load;

/// <summary>What the clients do, and what of it is reported.</summary>
/// <param name="Kind">What is asked.</param>
/// <param name="Clients">Connections at the same time.</param>
/// <param name="FreshServerConnections">pgbouncer opens a server connection for each client connection, as PhiGate does.</param>
/// <param name="Readings">One per profile that PhiGate is measured with; to the others they are all the same.</param>
internal sealed record Scenario(string Kind, int Clients, bool FreshServerConnections, ImmutableArray<Reading> Readings)
{
    private const string PointColumns = "id, mrn, last_name, birth_date, ward, risk_score";

    // About 0.5 MB: 5,000 rows with two columns of PHI.
    private const string RowsQuery =
        "SELECT id, last_name, ssn, ward, sex, blood_type, risk_score, organ_donor, care_plan FROM patients WHERE id <= 5000";

    private const string ChurnQuery = "SELECT ward FROM patients WHERE id = 42";

    private const string PointScript =
        $"""
        \set id random(1, 20000)
        SELECT {PointColumns} FROM patients WHERE id = :id;

        """;

    // The second literal is different in every statement and decides nothing: no risk score is above 100.
    private const string UniqueScript =
        $"""
        \set id random(1, 20000)
        \set unique random(101, 2000000000)
        SELECT {PointColumns} FROM patients WHERE id = :id AND risk_score < :unique;

        """;

    // A name of its own in every statement: nothing that was known of others holds for it.
    private const string NamedScript =
        $"""
        \set id random(1, 20000)
        \set unique random(101, 2000000000)
        SELECT {PointColumns} AS r:unique FROM patients WHERE id = :id;

        """;

    private const string MySqlPointScript =
        $"""
        function prepare()
            statement = connection:prepare("SELECT {PointColumns} FROM patients WHERE id = ?")
            id = statement:bind_create(sysbench.sql.type.INT)
            statement:bind_param(id)
        end

        function ask()
            id:set(sysbench.rand.uniform(1, 20000))
            statement:execute()
        end

        """;

    private const string MySqlUniqueScript =
        $"""
        function prepare() end

        function ask()
            connection:query(string.format("SELECT {PointColumns} FROM patients WHERE id = %d AND risk_score < %d",
                sysbench.rand.uniform(1, 20000), sysbench.rand.uniform(101, 2000000000)))
        end

        """;

    private const string MySqlNamedScript =
        $"""
        function prepare() end

        function ask()
            connection:query(string.format("SELECT {PointColumns} AS r%d FROM patients WHERE id = %d",
                sysbench.rand.uniform(101, 2000000000), sysbench.rand.uniform(1, 20000)))
        end

        """;

    private const string MySqlRowsScript =
        $"""
        function prepare() statement = connection:prepare("{RowsQuery}") end

        function ask() statement:execute() end

        """;

    public static ImmutableArray<Scenario> All { get; } =
    [
        new("point", 1, false, [new("point", "redacted", 1.5)]),
        new("point", 16, false, [new("point", "redacted", 1.5)]),
        new("point-unique", 16, false, [new("point-unique", "redacted", 3)]),
        new("point-named", 16, false, [new("point-named", "redacted", null)]),
        new("rows", 2, false, [new("rows-redacted", "redacted", 0.8), new("rows-pseudonymous", "pseudonymous", 1.2), new("rows-captured", PostgresArena.Captured, 1.3)]),
        new("churn", 4, true, [new("churn", "redacted", 2)]),
    ];

    public ILoad PostgresLoad(string binaries, ScratchDirectory scratch) => Kind switch
    {
        "point" => new PgbenchLoad(binaries, scratch, PointScript, "prepared", Clients),
        "point-unique" => new PgbenchLoad(binaries, scratch, UniqueScript, "simple", Clients),
        "point-named" => new PgbenchLoad(binaries, scratch, NamedScript, "simple", Clients),
        "rows" => new PgbenchLoad(binaries, scratch, RowsQuery + ";\n", "prepared", Clients),
        "churn" => new ChurnLoad(Clients, ChurnQuery),
        _ => throw new InvalidOperationException($"No load for {Kind}."),
    };

    public ILoad MySqlLoad(string home) => Kind switch
    {
        "point" => new SysbenchLoad(home, MySqlPointScript, Clients),
        "point-unique" => new SysbenchLoad(home, MySqlUniqueScript, Clients),
        "point-named" => new SysbenchLoad(home, MySqlNamedScript, Clients),
        "rows" => new SysbenchLoad(home, MySqlRowsScript, Clients),
        "churn" => new MySqlChurnLoad(Clients, ChurnQuery),
        _ => throw new InvalidOperationException($"No load for {Kind}."),
    };
}
