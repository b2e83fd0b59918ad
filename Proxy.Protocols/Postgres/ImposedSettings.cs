using System.Globalization;
using Proxy.Core.Policy;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// What the rules impose, as settings of the server's start-up packet. They go behind the client's own: of two with one name the server takes the
/// later (process_startup_options of postinit.c), and what the packet sets is what RESET and DISCARD ALL go back to.
/// </summary>
internal static class ImposedSettings
{
    public static IEnumerable<KeyValuePair<string, string>> Of(SessionSettings settings)
    {
        if (settings.ReadOnly) yield return new("default_transaction_read_only", "on");
        if (settings.StatementTimeoutMs is { } statement) yield return new("statement_timeout", Milliseconds(statement));
        if (settings.LockTimeoutMs is { } locks) yield return new("lock_timeout", Milliseconds(locks));
        if (settings.IdleInTransactionTimeoutMs is { } idle) yield return new("idle_in_transaction_session_timeout", Milliseconds(idle));
    }

    private static string Milliseconds(int value) => value.ToString(CultureInfo.InvariantCulture);
}
