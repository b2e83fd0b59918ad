using System.Collections.Immutable;
using Proxy.Bench.Servers;

namespace Proxy.Bench.Load;

/// <summary>What the clients do.</summary>
/// <param name="Name">As in the results.</param>
/// <param name="Clients">Connections at the same time.</param>
/// <param name="Profile">How PhiGate shows PHI to this client.</param>
/// <param name="FreshServerConnections">pgbouncer opens a server connection for each client connection, as PhiGate does.</param>
/// <param name="RatioMax">The most processor time per transaction that PhiGate may take, pgbouncer with TLS being 1; null when none was set.</param>
internal sealed record Scenario(string Name, int Clients, string Profile, bool FreshServerConnections, double? RatioMax)
{
    private const string PointColumns = "id, mrn, last_name, birth_date, ward, risk_score";

    // About 0.5 MB: 5,000 rows with two columns of PHI.
    private const string RowsScript =
        "SELECT id, last_name, ssn, ward, sex, blood_type, risk_score, organ_donor, care_plan FROM patients WHERE id <= 5000;\n";

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

    public static ImmutableArray<Scenario> All { get; } =
    [
        new("point", 1, "redacted", false, 1.5),
        new("point", 16, "redacted", false, 1.5),
        new("point-unique", 1, "redacted", false, 3),
        new("point-unique", 16, "redacted", false, 3),
        new("rows-redacted", 2, "redacted", false, 0.8),
        new("rows-pseudonymous", 2, "pseudonymous", false, 1.2),
        new("churn", 4, "redacted", true, 2),
    ];

    public ILoad Load(string binaries, ScratchDirectory scratch) => Name switch
    {
        "point" => new PgbenchLoad(binaries, scratch, PointScript, "prepared", Clients),
        "point-unique" => new PgbenchLoad(binaries, scratch, UniqueScript, "simple", Clients),
        "rows-redacted" or "rows-pseudonymous" => new PgbenchLoad(binaries, scratch, RowsScript, "prepared", Clients),
        "churn" => new ChurnLoad(Clients, "SELECT ward FROM patients WHERE id = 42"),
        _ => throw new InvalidOperationException($"No load for {Name}."),
    };
}
