using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Sql;

namespace Proxy.Core.Catalogue;

/// <summary>What the SQL in a catalogue says: queries of views, and bodies of functions. What could not be read is not here.</summary>
public sealed class CatalogueDefinitions
{
    private readonly FrozenDictionary<uint, StatementReading> _views;
    private readonly FrozenDictionary<uint, ImmutableArray<StatementReading>> _bodies;

    private CatalogueDefinitions(Dictionary<uint, StatementReading> views, Dictionary<uint, ImmutableArray<StatementReading>> bodies)
    {
        _views = views.ToFrozenDictionary();
        _bodies = bodies.ToFrozenDictionary();
    }

    public static CatalogueDefinitions None { get; } = new([], []);

    public static async Task<CatalogueDefinitions> ReadAsync(CatalogueFacts facts, ISqlFrontEnd frontEnd, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frontEnd);
        var views = new Dictionary<uint, StatementReading>();
        foreach (var (oid, text) in facts.Definitions)
            if (await StatementsAsync(text, frontEnd, cancellationToken) is [var query])
                views.Add(oid, query);
        var bodies = new Dictionary<uint, ImmutableArray<StatementReading>>();
        foreach (var function in facts.Functions)
            if (TextOf(function) is { } text && await StatementsAsync(text, frontEnd, cancellationToken) is { IsEmpty: false } statements)
                bodies.Add(function.Oid, statements);
        return new CatalogueDefinitions(views, bodies);
    }

    public StatementReading? QueryOf(CatalogueRelation view) => _views.GetValueOrDefault(view.Oid);

    /// <summary>Empty when the body is not SQL, or was not read.</summary>
    public ImmutableArray<StatementReading> BodyOf(CatalogueFunction function) => _bodies.TryGetValue(function.Oid, out var body) ? body : [];

    private static async Task<ImmutableArray<StatementReading>> StatementsAsync(string text, ISqlFrontEnd frontEnd, CancellationToken cancellationToken)
    {
        var analysis = await frontEnd.AnalyseAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        return analysis.Status is AnalysisStatus.Read ? analysis.Statements : [];
    }

    /// <summary>The statements of an SQL body. A standard one is printed as RETURN expression, or BEGIN ATOMIC … END.</summary>
    private static string? TextOf(CatalogueFunction function)
    {
        if (function is not { Language: "sql", Kind: FunctionKind.Function, Body: { } body })
            return null;
        if (!function.IsStandardBody)
            return body;
        var text = body.Trim();
        if (text.StartsWith("RETURN ", StringComparison.OrdinalIgnoreCase))
            return $"SELECT {text["RETURN ".Length..]}";
        return text.StartsWith("BEGIN ATOMIC", StringComparison.Ordinal) && text.EndsWith("END", StringComparison.Ordinal)
            ? text["BEGIN ATOMIC".Length..^"END".Length]
            : null;
    }
}
