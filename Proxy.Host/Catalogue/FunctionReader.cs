using System.Collections.Immutable;
using Npgsql;
using Proxy.Core.Catalogue;

namespace Proxy.Host.Catalogue;

/// <summary>Turns rows of <see cref="LineageQueries.Functions"/> into functions, with the hash that a person declares.</summary>
internal static class FunctionReader
{
    /// <summary>A function, and what of its hash the server has to print still.</summary>
    public static ReadFunction Read(NpgsqlDataReader row, FactReader names)
    {
        var function = new CatalogueFunction
        {
            Oid = row.GetFieldValue<uint>(0),
            Schema = names.Intern(row.GetString(1)),
            Name = names.Intern(row.GetString(2)),
            Language = names.Intern(row.GetString(3)),
            Kind = row.GetString(4) switch
            {
                "f" => FunctionKind.Function,
                "p" => FunctionKind.Procedure,
                "a" => FunctionKind.Aggregate,
                "w" => FunctionKind.Window,
                _ => FunctionKind.Unknown,
            },
            Body = FactReader.TextOrNull(row, 5),
            Arguments = Arguments(row, names),
            DefaultCount = row.GetInt32(11),
            ResultTypeOid = row.GetFieldValue<uint>(13),
            ReturnsSet = row.GetBoolean(15),
            IsStrict = row.GetBoolean(16),
            Volatility = row.GetString(17) switch
            {
                "i" => FunctionVolatility.Immutable,
                "s" => FunctionVolatility.Stable,
                _ => FunctionVolatility.Volatile,
            },
            IsSecurityDefiner = row.GetBoolean(18),
            Settings = row.IsDBNull(19) ? [] : [.. row.GetFieldValue<string[]>(19)],
            Extension = FactReader.TextOrNull(row, 20),
        };
        return new ReadFunction(function, Library: FactReader.TextOrNull(row, 6), Defaults: FactReader.TextOrNull(row, 12), ResultType: row.GetString(14));
    }

    private static ImmutableArray<FunctionArgument> Arguments(NpgsqlDataReader row, FactReader names)
    {
        var types = row.GetFieldValue<uint[]>(9);
        var typeNames = row.GetFieldValue<string[]>(10);
        var argumentNames = row.IsDBNull(7) ? null : row.GetFieldValue<string[]>(7);
        var modes = row.IsDBNull(8) ? null : row.GetFieldValue<string[]>(8);
        var arguments = ImmutableArray.CreateBuilder<FunctionArgument>(types.Length);
        for (var i = 0; i < types.Length; i++)
        {
            var mode = modes?[i] switch
            {
                "o" => ArgumentMode.Out,
                "b" => ArgumentMode.InOut,
                "v" => ArgumentMode.Variadic,
                "t" => ArgumentMode.Table,
                _ => ArgumentMode.In,
            };
            var name = argumentNames?[i] is { Length: > 0 } written ? names.Intern(written) : null;
            arguments.Add(new FunctionArgument(name, mode, types[i], names.Intern(typeNames[i])));
        }
        return arguments.MoveToImmutable();
    }
}
