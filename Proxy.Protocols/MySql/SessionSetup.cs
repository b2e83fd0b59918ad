using System.Globalization;
using System.Text;
using Proxy.Core.Policy;

namespace Proxy.Protocols.MySql;

/// <summary>
/// The statement that begins a session at the server, and begins it anew behind COM_RESET_CONNECTION: character set and sql_mode, by which texts are read,
/// and what the rules impose.
/// </summary>
internal static class SessionSetup
{
    /// <param name="settings">What the rules impose.</param>
    /// <param name="state">As the server said it at the login.</param>
    /// <param name="isMariaDb">The two have other names for the same timeouts.</param>
    public static byte[] Text(SessionSettings settings, ServerSessionState state, bool isMariaDb)
    {
        var text = new StringBuilder("SET character_set_client=").Append(state.CharacterSet)
            .Append(", character_set_results=").Append(state.CharacterSet)
            .Append(", collation_connection=").Append(state.Collation)
            .Append(", SESSION sql_mode='").Append(state.SqlMode).Append('\'');
        if (settings.StatementTimeoutMs is { } statement)
            text.Append(isMariaDb ? ", SESSION max_statement_time=" : ", SESSION max_execution_time=")
                .Append(CultureInfo.InvariantCulture, $"{(isMariaDb ? statement / 1000m : statement)}");
        if (settings.LockTimeoutMs is { } locks)
            text.Append(CultureInfo.InvariantCulture, $", SESSION innodb_lock_wait_timeout={Seconds(locks)}, SESSION lock_wait_timeout={Seconds(locks)}");
        if (settings.IdleInTransactionTimeoutMs is { } idle && isMariaDb)
            text.Append(CultureInfo.InvariantCulture, $", SESSION idle_transaction_timeout={Seconds(idle)}");
        if (settings.ReadOnly)
            text.Append(isMariaDb ? ", SESSION tx_read_only=1" : ", SESSION transaction_read_only=1");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static int Seconds(int milliseconds) => Math.Max(1, milliseconds / 1000);
}
