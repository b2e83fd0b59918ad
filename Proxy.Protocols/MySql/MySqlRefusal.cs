using System.Collections.Frozen;
using System.Text;
using Proxy.Core.Policy;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// How a refusal looks on the wire: one ERR packet, with a number and SQLSTATE of MySQL's own for that of the catalogue, and the contract of docs/refusals.md
/// in a message of at most 511 bytes. An error aborts nothing in MySQL, so nothing has to be made true at the server.
/// </summary>
public static class MySqlRefusal
{
    /// <summary>ER_UNKNOWN_ERROR.</summary>
    private static readonly (int Number, string SqlState) Unknown = (1105, "HY000");

    /// <summary>By the SQLSTATE of the catalogue, which is PostgreSQL's: the server's error that drivers and people take for the same thing.</summary>
    private static readonly FrozenDictionary<string, (int Number, string SqlState)> Numbers = new Dictionary<string, (int, string)>
    {
        ["42501"] = (1227, "42000"), // ER_SPECIFIC_ACCESS_DENIED_ERROR
        ["42P01"] = (1146, "42S02"), // ER_NO_SUCH_TABLE
        ["54000"] = (1226, "42000"), // ER_USER_LIMIT_REACHED
        ["22021"] = (1300, "HY000"), // ER_INVALID_CHARACTER_STRING
        ["57014"] = (1317, "70100"), // ER_QUERY_INTERRUPTED
        ["0A000"] = (1235, "42000"), // ER_NOT_SUPPORTED_YET
        ["08006"] = (1429, "HY000"), // ER_CONNECT_TO_FOREIGN_DATA_SOURCE
        ["57P01"] = (1053, "08S01"), // ER_SERVER_SHUTDOWN
        ["57P05"] = (4031, "HY000"), // ER_CLIENT_INTERACTION_TIMEOUT
        ["57P03"] = (1040, "08004"), // ER_CON_COUNT_ERROR
        ["53300"] = (1040, "08004"),
        ["28000"] = (1045, "28000"), // ER_ACCESS_DENIED_ERROR
        ["28P01"] = (1045, "28000"),
        ["3D000"] = (1049, "42000"), // ER_BAD_DB_ERROR
        ["08P01"] = (1047, "08S01"), // ER_UNKNOWN_COM_ERROR
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The refusal in the place of a greeting.</summary>
    public static byte[] First(Refusal refusal) => Error(refusal, sequence: 0);

    /// <summary>The ERR packet.</summary>
    /// <param name="refusal">What is refused, and why.</param>
    /// <param name="sequence">Its number: one more than the request's last packet.</param>
    public static byte[] Error(Refusal refusal, byte sequence)
    {
        var (number, state) = refusal.Code == Refusals.TlsRequired.Code ? (3159, "HY000") // ER_SECURE_TRANSPORT_REQUIRED
            : refusal.Code == Refusals.RequestSpent.Code ? (4031, "HY000") // ER_CLIENT_INTERACTION_TIMEOUT: connect anew
            : Numbers.GetValueOrDefault(refusal.SqlState, Unknown);
        return ErrorPacket.Encode(sequence, number, state, Text(refusal));
    }

    /// <summary>Whose packets are out of order: ER_NET_PACKETS_OUT_OF_ORDER.</summary>
    public static byte[] OutOfOrder(byte sequence) => ErrorPacket.Encode(sequence, 1156, "08S01", "Got packets out of order");

    /// <summary>ER_UNKNOWN_STMT_HANDLER, in the server's words.</summary>
    public static byte[] UnknownStatement(uint id, string command, byte sequence) =>
        ErrorPacket.Encode(sequence, 1243, "HY000", $"Unknown prepared statement handler ({id}) given to {command}");

    /// <summary>ER_WRONG_ARGUMENTS, in the server's words.</summary>
    public static byte[] WrongArguments(string command, byte sequence) =>
        ErrorPacket.Encode(sequence, 1210, "HY000", $"Incorrect arguments to {command}");

    /// <summary>ER_STMT_HAS_NO_OPEN_CURSOR, in the server's words.</summary>
    public static byte[] NoCursor(uint id, byte sequence) =>
        ErrorPacket.Encode(sequence, 1421, "HY000", $"The statement ({id}) has no open cursor");

    /// <summary>Code and whether to try again come first, because drivers may cut the end; why comes last and may hold blanks.</summary>
    private static string Text(Refusal refusal) => new StringBuilder("phigate code=").Append(refusal.Code)
        .Append(" retry=").Append(refusal.CanRetry ? "yes" : "no")
        .Append(refusal.Ticket is null ? "" : $" ticket={refusal.Ticket}")
        .Append(": ").Append(refusal.Message).Append("; ").Append(refusal.Instead)
        .Append("; why=").Append(refusal.Why).ToString();
}
