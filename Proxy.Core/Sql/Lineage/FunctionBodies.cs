using System.Collections.Frozen;
using System.Collections.Immutable;
using Proxy.Core.Catalogue;
using Proxy.Core.Policy;

namespace Proxy.Core.Sql.Lineage;

/// <summary>
/// The functions whose calls can be followed into their bodies: SQL that only reads. There is no overload resolution, so a name is followed only
/// when every function that it can mean can be.
/// </summary>
internal static class FunctionBodies
{
    private const uint Void = 2278;

    public static FrozenDictionary<string, ImmutableArray<FunctionBody>> Read(
        CatalogueSnapshot snapshot, IEnumerable<CatalogueFunction> functions, CatalogueDefinitions definitions)
    {
        var bodies = new Dictionary<string, ImmutableArray<FunctionBody>>(StringComparer.Ordinal);
        foreach (var named in functions.GroupBy(static function => function.Name, StringComparer.Ordinal))
            if (!snapshot.IsSystemFunction(named.Key) && All(named, definitions, snapshot) is { IsEmpty: false } all)
                bodies.Add(named.Key, all);
        return bodies.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Those whose code was not reviewed, so far as it is not itself among the bodies.</summary>
    public static HashSet<string> Unreviewed(CatalogueSnapshot snapshot, FrozenDictionary<string, ImmutableArray<FunctionBody>> bodies)
    {
        var unreviewed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, all) in bodies)
            foreach (var statement in all.SelectMany(static body => body.Statements))
                if (new MentionedCode(statement, snapshot) is { RunsUnreviewed: true } or { RunsServerInternals: true } or { Writes: true } or { Signals: true })
                    unreviewed.Add(name);
        return unreviewed;
    }

    private static ImmutableArray<FunctionBody> All(IEnumerable<CatalogueFunction> functions, CatalogueDefinitions definitions, CatalogueSnapshot snapshot)
    {
        var all = ImmutableArray.CreateBuilder<FunctionBody>();
        foreach (var function in functions)
        {
            if (BodyOf(function, definitions.BodyOf(function), snapshot) is not { } body)
                return [];
            all.Add(body);
        }
        return all.ToImmutable();
    }

    private static FunctionBody? BodyOf(CatalogueFunction function, ImmutableArray<StatementReading> readings, CatalogueSnapshot snapshot)
    {
        if (snapshot.Dialect is SqlDialect.MySql && readings.Any(reading => HidesColumn(function, reading, snapshot)))
            return null;
        // VARIADIC makes one argument of several.
        if (readings.IsEmpty || !readings.All(OnlyReads) || function.Arguments.Any(static argument => argument.Mode is ArgumentMode.Variadic))
            return null;
        return new FunctionBody(
            new QualifiedName(function.Schema, function.Name),
            [.. function.Arguments.Where(static argument => argument.IsInput).Select(static argument => argument.Name ?? "")],
            [.. function.ResultColumns.Select(static column => column.Name ?? "")],
            readings,
            ReturnsNothing: function.ResultTypeOid == Void);
    }

    /// <summary>In MySQL the name of an argument goes before that of a column, which the analysis would take.</summary>
    private static bool HidesColumn(CatalogueFunction function, StatementReading reading, CatalogueSnapshot snapshot) =>
        reading.Columns.IsDefault || function.Arguments.Any(argument => argument.Name is { } name && reading.Columns.Contains(name)
            && reading.Relations.Any(mention => snapshot.Candidates(mention.Name).Any(relation => relation.Column(name) is not null)));

    private static bool OnlyReads(StatementReading reading) =>
        reading is { Kind: StatementKind.Select, Syntax: not null, OpaqueBecause: null, NestedKinds.IsEmpty: true, Settings.IsEmpty: true };
}
