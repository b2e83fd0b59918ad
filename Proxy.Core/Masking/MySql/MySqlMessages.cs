using System.Collections.Frozen;
using Proxy.Core.Masking.Errors;

namespace Proxy.Core.Masking.MySql;

/// <summary>What an error says once its own message is gone: what kind it is, in words that hold whatever the values were.</summary>
public static class MySqlMessages
{
    private const string Suffix = " (values hidden by PhiGate)";

    private static readonly FrozenDictionary<ushort, string> ByNumber = new Dictionary<ushort, string>
    {
        [1022] = "duplicate key",
        [1048] = "a column cannot be NULL",
        [1062] = "duplicate entry for a unique key",
        [1105] = "error of the server",
        [1114] = "the table is full",
        [1169] = "unique constraint violated",
        [1216] = "a foreign key constraint fails",
        [1217] = "a foreign key constraint fails",
        [1242] = "subquery returns more than one row",
        [1264] = "value out of range for a column",
        [1265] = "data truncated for a column",
        [1292] = "truncated or incorrect value",
        [1301] = "a result is larger than max_allowed_packet",
        [1364] = "a field has no default value",
        [1365] = "division by zero",
        [1366] = "incorrect value for a column",
        [1369] = "CHECK OPTION failed",
        [1406] = "data too long for a column",
        [1411] = "incorrect value for a function",
        [1416] = "no geometry object from the data",
        [1451] = "a foreign key constraint fails",
        [1452] = "a foreign key constraint fails",
        [1526] = "the table has no partition for the value",
        [1586] = "duplicate entry for a unique key",
        [1644] = "condition signalled by a routine or trigger",
        [1690] = "numeric value is out of range",
        [3140] = "invalid JSON text",
        [3141] = "invalid JSON text in an argument",
        [3819] = "a check constraint is violated",
        [4025] = "a check constraint fails",
        [4037] = "unexpected end of JSON text",
        [4038] = "syntax error in JSON text",
    }.ToFrozenDictionary();

    /// <summary>One line, without a name: names are in what passes verbatim, and a message that does not may have any text in their place.</summary>
    public static string For(ushort number, string sqlState)
    {
        if (ByNumber.TryGetValue(number, out var text))
            return text + Suffix;
        return sqlState == "HY000" ? "error of the server" + Suffix : GenericMessages.For(sqlState);
    }
}
