using System.Diagnostics.Metrics;

namespace Proxy.Protocols;

/// <summary>What the protocols count. No label ever comes from a statement, a value, or a name that a client can choose.</summary>
internal static class ProtocolMetrics
{
    private static readonly Meter Meter = new("PhiGate");

    public static readonly Counter<long> Statements = Meter.CreateCounter<long>("phigate_statements_total", description: "Statements that have an outcome.");

    public static readonly Counter<long> Rows = Meter.CreateCounter<long>("phigate_rows_total", description: "Rows sent to clients.");

    public static readonly Counter<long> Refusals = Meter.CreateCounter<long>("phigate_refusals_total", description: "Refusals by code.");

    public static readonly Counter<long> AnswersCut = Meter.CreateCounter<long>(
        "phigate_answers_cut_total", description: "Answers of which the rest was not shown, because a budget was used up, by budget.");

    public static readonly Counter<long> RowsMasked = Meter.CreateCounter<long>(
        "phigate_rows_masked_total", description: "Rows sent to clients of which at least one column was masked.");

    public static readonly Counter<long> ErrorsScrubbed = Meter.CreateCounter<long>(
        "phigate_errors_scrubbed_total", description: "Errors and notices of servers that were shown without their values.");

    public static readonly Counter<long> BytesToClients = Meter.CreateCounter<long>("phigate_bytes_to_clients_total", description: "Bytes sent to clients in sessions.");

    public static readonly Counter<long> BytesToServers = Meter.CreateCounter<long>("phigate_bytes_to_servers_total", description: "Bytes sent to servers in sessions.");

    public static readonly Counter<long> ConnectionsRefused = Meter.CreateCounter<long>(
        "phigate_connections_refused_total", description: "Connections refused before a session began, by code.");

    public static readonly Counter<long> TlsFailures = Meter.CreateCounter<long>(
        "phigate_tls_failures_total", description: "TLS that failed or was broken, by leg (client, server) and reason.");

    public static readonly Histogram<double> StatementSeconds = Meter.CreateHistogram<double>(
        "phigate_statement_seconds", description: "From sending a statement to the server to the end of its answer.");

    public static readonly Histogram<double> DecisionSeconds = Meter.CreateHistogram(
        "phigate_decision_seconds", description: "What the gateway adds in front of a statement: reading, judging and recording it.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1, 1] });

    public static readonly Counter<long> ParserDifferentials = Meter.CreateCounter<long>(
        "phigate_parser_differential_total", description: "Texts that the server accepts and the gateway's grammar does not.");

    public static readonly UpDownCounter<long> Sessions = Meter.CreateUpDownCounter<long>("phigate_sessions", description: "Sessions now.");

    public static readonly Counter<long> SessionsEnded = Meter.CreateCounter<long>("phigate_sessions_ended_total", description: "Ended sessions by reason.");

    public static readonly Counter<long> Alarms = Meter.CreateCounter<long>("phigate_alarms_total", description: "Sessions that ran into refusals again and again, and were ended.");

    public static readonly Counter<long> SignIns = Meter.CreateCounter<long>("phigate_sign_ins_total", description: "Sign-ins by outcome code.");
}
