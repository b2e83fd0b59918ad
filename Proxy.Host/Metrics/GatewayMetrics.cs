using System.Diagnostics.Metrics;
using System.Globalization;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Replication;
using Proxy.Core.Sql.Postgres;
using Proxy.Host.Configuration;
using Proxy.Host.DataPlane;
using Proxy.Host.Identity;
using Proxy.Host.Transport;

namespace Proxy.Host.Metrics;

/// <summary>
/// What the data plane knows anyway, asked when somebody scrapes: none of it costs a session anything. What has to be counted as it happens is in the
/// protocols. docs/operations.md lists them all, and a test keeps it in step.
/// </summary>
internal static class GatewayMetrics
{
    public static void Register(
        Meter meter, PostgresFrontEnd frontEnd, MappedJournal journal, TargetDirectory targets, ConfigurationWatcher configuration, TokenValidator tokens,
        IReadOnlyList<Listener> listeners)
    {
        Parser(meter, frontEnd);
        Journal(meter, journal);
        Catalogues(meter, targets);
        Configuration(meter, configuration, tokens);
        meter.CreateObservableGauge(
            "phigate_connections", () => Each(listeners, static listener => listener.Connections, Label), description: "Open connections by listener, those that have not signed in included.");
        meter.CreateObservableCounter(
            "phigate_connections_over_limit_total", () => Each(listeners, static listener => listener.Refused, Label),
            description: "Connections turned away on arrival by a limit, by listener.");
    }

    private static void Parser(Meter meter, PostgresFrontEnd frontEnd)
    {
        meter.CreateObservableCounter(
            "phigate_parser_texts_total",
            () =>
            {
                var statistics = frontEnd.Statistics;
                return new Measurement<long>[] { new(statistics.Hits, Tag("result", "hit")), new(statistics.Misses, Tag("result", "miss")) };
            },
            description: "Texts looked for in the cache of analyses.");
        meter.CreateObservableCounter(
            "phigate_parser_templated_total", () => frontEnd.Statistics.Templated,
            description: "Texts whose tree was that of another one, which differs in integers only.");
        meter.CreateObservableCounter(
            "phigate_parser_failures_total",
            () =>
            {
                var statistics = frontEnd.Statistics;
                return new Measurement<long>[]
                {
                    new(statistics.Deadlines, Tag("reason", "deadline")), new(statistics.Traps, Tag("reason", "trap")),
                    new(statistics.OutOfMemory, Tag("reason", "memory")), new(statistics.Faults, Tag("reason", "fault")),
                    new(statistics.NoReaderFree, Tag("reason", "no-reader-free")),
                };
            },
            description: "Texts that could not be read within the limits.");
    }

    private static void Journal(Meter meter, MappedJournal journal)
    {
        meter.CreateObservableCounter("phigate_journal_records_total", () => journal.Figures.Records, description: "Records appended since the start.");
        meter.CreateObservableGauge("phigate_journal_segment", () => journal.Figures.Segment, description: "Number of the segment that is written to.");
        meter.CreateObservableGauge("phigate_journal_segment_used_bytes", () => journal.Figures.SegmentBytesUsed, description: "How much of that segment is taken.");
        meter.CreateObservableGauge("phigate_journal_segments_ready", () => journal.Figures.SegmentsReady, description: "Empty segments that stand by.");
        meter.CreateObservableGauge(
            "phigate_journal_replica_current", () => Of(journal.Replica, static replica => replica.IsCurrent ? 1 : 0),
            description: "1 while the second copy of the journal has everything, 0 while it does not and statements are refused; nothing without a replica.");
        meter.CreateObservableGauge(
            "phigate_journal_replica_record", () => Of(journal.Replica, static replica => replica.AcknowledgedRecord),
            description: "Number of the last record that the second copy is known to have.");
        meter.CreateObservableCounter(
            "phigate_journal_replica_connections_total", () => Of(journal.Replica, static replica => replica.Connections),
            description: "How often the second copy was connected to.");
        meter.CreateObservableGauge(
            "phigate_journal_state", () => (int)journal.State, description: "0 closed, 1 full (statements are refused), 2 degraded (no next segment), 3 ready.");
    }

    private static void Catalogues(Meter meter, TargetDirectory targets)
    {
        meter.CreateObservableGauge(
            "phigate_catalogue_age_seconds", () => Each([.. targets.All], static target => target.Catalogue.Age?.TotalSeconds ?? -1, Label),
            description: "Since the catalogue was last confirmed; -1 before the first time. Above 5 new statements are refused.");
        meter.CreateObservableGauge(
            "phigate_catalogue_version", () => Each([.. targets.All], static target => target.Catalogue.Current.Version, Label),
            description: "Counts the catalogue's versions since the start.");
        meter.CreateObservableCounter(
            "phigate_catalogue_loads_total", () => Each([.. targets.All], static target => target.Catalogue.Loads, Label), description: "How often the catalogue was read whole.");
        meter.CreateObservableGauge(
            "phigate_target_usable", () => Each([.. targets.All], static target => target.Review.Problem is null && target.Catalogue.IsFresh ? 1 : 0, Label),
            description: "1 when sessions can use the target, 0 when it has not passed its check or its catalogue is stale.");
    }

    private static void Configuration(Meter meter, ConfigurationWatcher configuration, TokenValidator tokens)
    {
        meter.CreateObservableGauge(
            "phigate_configuration_version", () => (double)uint.Parse(configuration.Current.Version.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            description: "The first 32 bits of the configuration's digest: equal where nodes run the same configuration.");
        meter.CreateObservableCounter("phigate_configuration_reloads_total", () => configuration.Reloads, description: "New configurations taken over.");
        meter.CreateObservableCounter("phigate_configuration_rejections_total", () => configuration.Rejections, description: "New configurations not taken over because of errors.");
        meter.CreateObservableGauge(
            "phigate_configuration_rejected", () => configuration.Rejection is null ? 0 : 1, description: "1 while the files on disk are not the configuration in force.");
        meter.CreateObservableGauge(
            "phigate_issuer_keys", () => Each(tokens.Status, static issuer => issuer.Keys, static issuer => Tag("issuer", issuer.Name)),
            description: "Usable keys by issuer; fetched when the first token comes.");
    }

    private static Measurement<long>[] Of(ReplicaFigures? replica, Func<ReplicaFigures, long> value) =>
        replica is { } figures ? [new Measurement<long>(value(figures))] : [];

    private static KeyValuePair<string, object?> Label(Listener listener) => Tag("listener", listener.EndPoint.ToString());

    private static KeyValuePair<string, object?> Label(TargetDatabase target) => Tag("target", target.ToString());

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static IEnumerable<Measurement<TValue>> Each<TItem, TValue>(
        IReadOnlyList<TItem> items, Func<TItem, TValue> value, Func<TItem, KeyValuePair<string, object?>> label)
        where TValue : struct
    {
        foreach (var item in items)
            yield return new Measurement<TValue>(value(item), label(item));
    }
}
