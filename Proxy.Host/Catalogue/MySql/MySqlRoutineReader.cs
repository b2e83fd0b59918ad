using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Proxy.Core.Catalogue;
using Proxy.Core.Policy;

namespace Proxy.Host.Catalogue.MySql;

/// <summary>Stored functions and procedures, each with the hash that a person declares. A function that is one expression is followed; programs are not.</summary>
internal sealed class MySqlRoutineReader(MySqlNames names)
{
    private const string Program = "sql/psm";

    /// <summary>Of a function that is one expression, which can be followed like one of PostgreSQL's in the standard's form.</summary>
    private const string Expression = "sql";
    private const string Return = "return";

    public async Task<List<CatalogueFunction>> ReadAsync(MySqlRows rows)
    {
        var parameters = (await rows.ReadAsync(MySqlCatalogueQueries.Parameters, row => (
            Routine: (names.Schema(row.GetString(0)), names.Column(row.GetString(1)), row.GetString(6).ToUpperInvariant()),
            // Place 0 is a function's result.
            Place: Convert.ToInt32(row.GetValue(2), CultureInfo.InvariantCulture),
            Argument: new FunctionArgument(
                MySqlRows.TextOrNull(row, 4)?.ToLowerInvariant(), ModeOf(MySqlRows.TextOrNull(row, 3)), TypeOid: 0, MySqlRows.TextOrNull(row, 5) ?? ""))))
            .ToLookup(static parameter => parameter.Routine);
        var number = 0u;
        return await rows.ReadAsync(MySqlCatalogueQueries.Routines, row =>
        {
            var (schema, name, type) = (names.Schema(row.GetString(0)), names.Column(row.GetString(1)), row.GetString(2).ToUpperInvariant());
            var body = MySqlRows.TextOrNull(row, 3) is { Length: <= CatalogueFunction.BodyCharsMax } text ? text : null;
            // Under another sql_mode the text might be read otherwise.
            var isExpression = type == "FUNCTION" && body is not null && IsReturn(body) && MySqlSettingRules.AreHarmlessModes(MySqlRows.TextOrNull(row, 7) ?? "");
            var function = new CatalogueFunction
            {
                Oid = ++number,
                Schema = schema,
                Name = name,
                Language = isExpression ? Expression : Program,
                IsStandardBody = isExpression,
                Kind = type switch { "FUNCTION" => FunctionKind.Function, "PROCEDURE" => FunctionKind.Procedure, _ => FunctionKind.Unknown },
                Body = body,
                Arguments = [.. parameters[(schema, name, type)].Where(static parameter => parameter.Place > 0).Select(static parameter => parameter.Argument)],
                ResultTypeOid = 0,
                Volatility = row.GetString(4) == "YES" ? FunctionVolatility.Immutable : FunctionVolatility.Volatile,
                IsSecurityDefiner = row.GetString(6).Equals("DEFINER", StringComparison.OrdinalIgnoreCase),
                Settings = [$"sql_mode={MySqlRows.TextOrNull(row, 7)}"],
            };
            return function with { BodyHash = HashOf(function, MySqlRows.TextOrNull(row, 8), MySqlRows.TextOrNull(row, 5)) };
        });
    }

    private static bool IsReturn(string body) =>
        body.Length > Return.Length && body.StartsWith(Return, StringComparison.OrdinalIgnoreCase) && body[Return.Length] is ' ';

    private static ArgumentMode ModeOf(string? mode) => mode?.ToUpperInvariant() switch
    {
        "OUT" => ArgumentMode.Out,
        "INOUT" => ArgumentMode.InOut,
        _ => ArgumentMode.In,
    };

    /// <summary>One part a line; lengths go first, so that no two routines have the same text. Null where the body is not to be had.</summary>
    private static string? HashOf(CatalogueFunction function, string? resultType, string? dataAccess)
    {
        if (function.Body is not { } body)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, function.Kind.ToString());
        foreach (var argument in function.Arguments)
            Append(hash, $"{argument.Name} {argument.Mode} {argument.TypeName}");
        Append(hash, resultType ?? "");
        Append(hash, $"{function.Volatility} {dataAccess} {(function.IsSecurityDefiner ? "definer" : "")}");
        foreach (var setting in function.Settings)
            Append(hash, setting);
        Append(hash, body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string part)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(part)}:"));
        hash.AppendData(Encoding.UTF8.GetBytes(part));
        hash.AppendData("\n"u8);
    }
}
