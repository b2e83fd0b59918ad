using System.Reflection;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using Proxy.Host.Transport;

namespace Proxy.Tests.Architecture;

/// <summary>
/// The rule of the data plane: every await that is not a session's socket goes through <see cref="OffSocketThread"/>. The compiler leaves the
/// awaiters of a method as fields of its state machine, so what a method awaits can be read off the assembly, whatever the source looks like.
/// A type that awaits otherwise stands below with the reason why it may; a new one does not, and fails here.
/// </summary>
public sealed class OffSocketThreadRuleTests
{
    /// <summary>Awaits the sockets of sessions, which is what the socket threads are for.</summary>
    private static readonly string[] AwaitsSockets =
    [
        "Transport.SocketConnection", "Transport.SocketStream", "Transport.Tls.RecordStream", "Transport.ConnectionWriter", "Transport.Listener", "Transport.EngineProbe",
        "Transport.ServerDialer", "Transport.ProxyProtocol.ProxyProtocolReader", "DataPlane.TargetDatabase", "DataPlane.PostgresConnectionHandler", "DataPlane.MySqlConnectionHandler",
    ];

    /// <summary>Runs inside OffSocketThread.Run from its first line to its last, where plain awaits resume on the pool.</summary>
    private static readonly string[] RunsOnThePool =
    [
        "Catalogue.CatalogueConnections", "Catalogue.CatalogueLoader", "Catalogue.CatalogueSource", "Catalogue.FactReader", "Catalogue.MySql.MySqlCatalogueConnections", "Catalogue.MySql.MySqlCatalogueLoader", "Catalogue.MySql.MySqlFactReader",
        "Catalogue.MySql.MySqlConstraintReader", "Catalogue.MySql.MySqlIndexReader", "Catalogue.MySql.MySqlRoutineReader", "Catalogue.MySql.MySqlRows", "Catalogue.PrintedTexts", "Checks.NpgsqlTargetInspector", "Checks.MySqlTargetInspector", "Checks.TargetInspection",
        "Configuration.ConfigurationFiles", "Configuration.ConfigurationLoader", "Configuration.ConfigurationWatcher",
        "Configuration.Gateway.CredentialReader", "DataPlane.ControlCalls", "DataPlane.ControlSocketServer", "DataPlane.GatewayDataPlane",
        "DataPlane.LiveSessions", "DataPlane.OperatorDesk", "DataPlane.TargetDirectory", "DataPlane.TargetReview", "Identity.Credentials.CredentialDesk",
        "Identity.IssuerKeys", "Identity.KeySetDiscovery", "Identity.KeySetFile", "Identity.TokenValidator",
        "ServerCredentials.AwsParameterSource", "ServerCredentials.CommandCredentialSource", "ServerCredentials.CredentialCache",
        "ServerCredentials.RdsTokenSource",
    ];

    /// <summary>Not in the process with the sockets, or before the first of them and after the last.</summary>
    private static readonly string[] OutsideTheDataPlane =
    [
        "Program", "ControlPlane.", "Commands.", "Tools.", "Checks.ConfigurationCheck", "Checks.FileChecker", "DataPlane.DataPlaneProcess",
        "Evidence.AuditExport", "Evidence.AuditReads", "Evidence.Reports.", "Evidence.Streaming.", "Evidence.Reconciliation.", "Evidence.Shipping.", "Evidence.Replication.", "Evidence.JournalFollowers",
    ];

    [Test]
    public void Every_await_of_the_data_plane_leaves_the_socket_thread_or_is_accounted_for() =>
        Assert.That(PlainAwaits().Where(type => !IsAccountedFor(type)), Is.Empty);

    [Test]
    public void The_lists_name_nothing_that_needs_no_permission() =>
        Assert.That(
            AwaitsSockets.Concat(RunsOnThePool).Concat(OutsideTheDataPlane).Where(entry => !PlainAwaits().Any(type => Covers(entry, type))), Is.Empty);

    [Test]
    public void A_plain_await_is_seen() =>
        Assert.That(AwaitersOf(typeof(PlainAwaiter)).Any(IsPlain), Is.True);

    private static bool IsAccountedFor(string type) =>
        AwaitsSockets.Concat(RunsOnThePool).Concat(OutsideTheDataPlane).Any(entry => Covers(entry, type));

    private static bool Covers(string entry, string type) => entry.EndsWith('.') ? type.StartsWith(entry, StringComparison.Ordinal) : type == entry;

    private static string[] PlainAwaits() =>
        [.. typeof(OffSocketThread).Assembly.GetTypes()
            .Where(static type => type.DeclaringType is null && AwaitersOf(type).Any(IsPlain))
            .Select(static type => type.FullName!.Replace("Proxy.Host.", "", StringComparison.Ordinal).Split('`')[0])
            .Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The types of everything that a type's methods await, lambdas and local functions included.</summary>
    private static IEnumerable<Type> AwaitersOf(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        if (typeof(IAsyncStateMachine).IsAssignableFrom(type))
            foreach (var field in type.GetFields(All).Where(static field => field.Name.StartsWith("<>u__", StringComparison.Ordinal)))
                yield return field.FieldType;
        foreach (var nested in type.GetNestedTypes(All))
            foreach (var awaiter in AwaitersOf(nested))
                yield return awaiter;
    }

    private static bool IsPlain(Type awaiter) =>
        awaiter != typeof(OffSocketThreadAwaitable)
        && !(awaiter.IsGenericType && awaiter.GetGenericTypeDefinition() == typeof(OffSocketThreadAwaitable<>));

    private sealed class PlainAwaiter
    {
        public static async Task AwaitAsync(Task task)
        {
            await task;
            GC.KeepAlive(task);
        }
    }
}
