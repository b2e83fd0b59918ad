using System.Collections.Immutable;
using System.Globalization;
using MySqlConnector;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Sql;

namespace Proxy.Host.Catalogue.MySql;

/// <summary>Turns the answers to <see cref="MySqlCatalogueQueries"/> into facts. One at a time: it remembers the numbers that it gave.</summary>
internal sealed class MySqlFactReader(ISqlFrontEnd frontEnd)
{
    private readonly MySqlNames _names = new();
    private readonly MySqlTypeNumbers _types = new();

    public async Task<CatalogueFacts> ReadAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        var rows = new MySqlRows(connection, cancellationToken);
        var server = (await rows.ReadAsync(MySqlCatalogueQueries.Server, static row => (Version: row.GetString(0), Folding: Convert.ToInt32(row.GetValue(1), CultureInfo.InvariantCulture))))[0];
        _names.FoldsRelations = server.Folding != 0;
        var json = (await rows.ReadOrNothingAsync(MySqlCatalogueQueries.JsonChecks, row => (Relation: Relation(row), Column: CheckedColumn(row.GetString(2))))).ToHashSet();
        var triggers = (await rows.ReadAsync(MySqlCatalogueQueries.Triggers, Relation)).ToHashSet();
        var relations = await rows.ReadAsync(MySqlCatalogueQueries.Tables, row => Table(row, triggers));
        var columns = await rows.ReadAsync(MySqlCatalogueQueries.Columns, row => Column(row, json));
        var keys = await rows.ReadAsync(MySqlCatalogueQueries.ForeignKeys, row => (
            Link: new RelationLink(Number(row, 0, 1), Number(row, 2, 3)), Name: row.GetString(4)));
        var views = await rows.ReadAsync(MySqlCatalogueQueries.Views, row => (Oid: Number(row, 0, 1), Text: MySqlRows.TextOrNull(row, 2)));
        var indexes = await rows.ReadAsync(MySqlCatalogueQueries.Indexes, static row => row.GetString(0));
        var constraints = await new MySqlConstraintReader(_names, columns).ReadAsync(rows);
        var functions = await new MySqlRoutineReader(_names).ReadAsync(rows);
        var facts = new CatalogueFacts
        {
            Dialect = SqlDialect.MySql,
            ServerVersionNum = VersionOf(server.Version),
            Relations = relations,
            Columns = [.. columns.Select(static column => column.Fact)],
            ForeignKeys = [.. keys.Select(static key => key.Link)],
            GeneratedSources = GeneratedSources(columns),
            Constraints = constraints,
            Indexes = await new MySqlIndexReader(_names, columns).ReadAsync(rows),
            Defaults = [.. columns.Where(static column => column.HasDefault).Select(static column => new DefaultFact(column.Fact.RelationOid, column.Fact.Number, null, null, null))],
            Code = [.. functions.Select(static function => new CodeFact(CodeKind.Function, function.Schema, function.Name, null, IsHarmless: false, TakesOneRow: false))],
            Functions = functions,
            Definitions = views.Where(static view => view.Text is { Length: > 0 }).ToImmutableDictionary(static view => view.Oid, static view => view.Text!),
            Types = _types.Own.ToArray(),
            ConstraintNames = [.. keys.Select(static key => key.Name).Concat(indexes).Distinct(StringComparer.Ordinal)],
            SystemFunctions = [.. ReviewedFunctions.MySql.Names],
            SystemOperators = MySqlVocabulary.Operators,
            SystemTypes = MySqlVocabulary.Types,
        };
        return await WithViewSourcesAsync(facts, [.. views.Select(static view => view.Oid)], cancellationToken);
    }

    /// <summary>
    /// 10.11.19-MariaDB is 101119. What cannot be read is 0, and nothing then counts as loaded.
    /// </summary>
    private static int VersionOf(string version)
    {
        var parts = version.Split('-', 2)[0].Split('.');
        var number = 0;
        for (var i = 0; i < 3; i++)
            number = (number * 100) + (i < parts.Length && int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var part) ? Math.Min(part, 99) : 0);
        return number;
    }

    /// <summary>Neither MariaDB nor the information_schema says what a view reads: its query does. One that cannot be read may read anything.</summary>
    private async Task<CatalogueFacts> WithViewSourcesAsync(CatalogueFacts facts, HashSet<uint> views, CancellationToken cancellationToken)
    {
        var sources = new List<RelationLink>();
        var calls = new List<ViewCallFact>();
        var unread = new HashSet<uint>();
        foreach (var view in views)
        {
            if (!facts.Definitions.TryGetValue(view, out var text)
                || await frontEnd.AnalyseAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellationToken) is not { Status: AnalysisStatus.Read, Statements: [{ Kind: StatementKind.Select, OpaqueBecause: null } query] })
            {
                unread.Add(view);
                continue;
            }
            foreach (var mention in query.Relations)
                sources.Add(new RelationLink(view, _names.NumberOf((mention.Name.Schema ?? "", mention.Name.Name))));
            foreach (var function in query.Functions)
                calls.Add(new ViewCallFact(view, function.Schema ?? "", function.Name, Extension: null));
        }
        return facts with
        {
            ViewSources = sources,
            ViewCalls = calls,
            Relations = [.. facts.Relations.Select(relation => unread.Contains(relation.Oid) ? relation with { RunsUnreviewedCode = true } : relation)],
        };
    }

    private (string Schema, string Name) Relation(MySqlDataReader row) => _names.Relation(row.GetString(0), row.GetString(1));

    private uint Number(MySqlDataReader row, int schema, int name) => _names.NumberOf(_names.Relation(row.GetString(schema), MySqlRows.TextOrNull(row, name) ?? ""));

    private RelationFact Table(MySqlDataReader row, HashSet<(string, string)> triggers)
    {
        var relation = Relation(row);
        var engine = (MySqlRows.TextOrNull(row, 3) ?? "").ToUpperInvariant();
        var kind = row.GetString(2).ToUpperInvariant() switch
        {
            "VIEW" => 'v',
            "SEQUENCE" => 'S',
            // Rows of elsewhere.
            _ when engine is "FEDERATED" or "CONNECT" or "SPIDER" or "MRG_MYISAM" or "S3" or "OQGRAPH" or "SPHINX" => 'f',
            "BASE TABLE" or "SYSTEM VERSIONED" or "SYSTEM VIEW" => 'r',
            _ => '?',
        };
        return new RelationFact(_names.NumberOf(relation), relation.Schema, relation.Name, kind, triggers.Contains(relation));
    }

    private MySqlColumnFact Column(MySqlDataReader row, HashSet<((string, string), string)> json)
    {
        var relation = Relation(row);
        var name = _names.Column(row.GetString(3));
        var dataType = row.GetString(4).ToLowerInvariant();
        if (dataType == "longtext" && json.Contains((relation, name)))
            dataType = "json";
        var (type, modifier) = _types.Of(dataType, row.GetString(5), MySqlRows.NumberOrNull(row, 10), (int?)MySqlRows.NumberOrNull(row, 11), (int?)MySqlRows.NumberOrNull(row, 12));
        var generation = MySqlRows.TextOrNull(row, 8);
        var extra = MySqlRows.TextOrNull(row, 7) ?? "";
        var fact = new ColumnFact(
            _names.NumberOf(relation), (short)Math.Min(short.MaxValue, Convert.ToInt32(row.GetValue(2), CultureInfo.InvariantCulture)), name, type, dataType,
            IsNotNull: row.GetString(6) == "NO", IsGenerated: generation is { Length: > 0 })
        { TypeModifier = modifier, IsInvisible = extra.Contains("INVISIBLE", StringComparison.OrdinalIgnoreCase), DeclaredName = row.GetString(3) };
        return new MySqlColumnFact(fact, generation, HasDefault: MySqlRows.TextOrNull(row, 9) is not (null or "NULL") || extra.Contains("auto_increment", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>From <c>json_valid(`chart`)</c>.</summary>
    private static string CheckedColumn(string clause)
    {
        var name = clause["json_valid(".Length..].TrimEnd(')');
        return name.Trim('`').Replace("``", "`", StringComparison.Ordinal).ToLowerInvariant();
    }

    /// <summary>The server prints names in backticks; a name that stands in a literal is one source too many, which masks more.</summary>
    private static List<GeneratedSourceFact> GeneratedSources(List<MySqlColumnFact> columns)
    {
        var sources = new List<GeneratedSourceFact>();
        var byRelation = columns.ToLookup(static column => column.Fact.RelationOid);
        foreach (var column in columns)
            if (column.Generation is { Length: > 0 } expression)
                foreach (var other in byRelation[column.Fact.RelationOid])
                    if (other.Fact.Number != column.Fact.Number && expression.Contains($"`{other.Fact.Name.Replace("`", "``", StringComparison.Ordinal)}`", StringComparison.OrdinalIgnoreCase))
                        sources.Add(new GeneratedSourceFact(column.Fact.RelationOid, column.Fact.Number, other.Fact.Number));
        return sources;
    }
}
