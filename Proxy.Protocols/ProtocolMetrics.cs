using System.Diagnostics.Metrics;

namespace Proxy.Protocols;

/// <summary>What the protocols count. No label ever comes from a statement, a value, or a name that a client can choose.</summary>
internal static class ProtocolMetrics
{
    private static readonly Meter Meter = new("PhiGate");

    public static readonly Counter<long> Statements = Meter.CreateCounter<long>("phigate_statements_total", description: "Statements that have an outcome.");

    public static readonly Counter<long> Rows = Meter.CreateCounter<long>("phigate_rows_total", description: "Rows sent to clients.");

    public static readonly Counter<long> Refusals = Meter.CreateCounter<long>("phigate_refusals_total", description: "Refusals by code.");

    public static readonly Counter<long> ParserDifferentials = Meter.CreateCounter<long>(
        "phigate_parser_differential_total", description: "Texts that the server accepts and the gateway's grammar does not.");

    public static readonly UpDownCounter<long> Sessions = Meter.CreateUpDownCounter<long>("phigate_sessions", description: "Sessions now.");

    public static readonly Counter<long> SessionsEnded = Meter.CreateCounter<long>("phigate_sessions_ended_total", description: "Ended sessions by reason.");

    public static readonly Counter<long> SignIns = Meter.CreateCounter<long>("phigate_sign_ins_total", description: "Sign-ins by outcome code.");
}
