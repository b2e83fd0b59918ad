using System.Collections.Frozen;
using System.Collections.Immutable;
using Proxy.Core.Catalogue.Facts;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Catalogue;

/// <summary>What one database of a target holds, judged. Immutable; shared by all sessions of the target.</summary>
public sealed class CatalogueSnapshot
{
    private readonly FrozenDictionary<uint, CatalogueRelation> _byOid;
    private readonly FrozenDictionary<string, ImmutableArray<CatalogueRelation>> _byName;
    private readonly CodeNames _functions;
    private readonly CodeNames _operators;
    private readonly CodeNames _types;
    private readonly FrozenSet<string> _attributeFunctions;
    private readonly FrozenSet<string> _rowFunctions;
    private readonly FrozenSet<string> _constraints;
    private readonly FrozenSet<string> _schemas;
    private readonly FrozenSet<string> _unsafePrints;
    private readonly ReviewedFunctions _reviewed;
    private readonly FunctionReviews _userFunctions;
    private readonly TypeShapes _shapes;
    private readonly HiddenCode _hidden;
    private readonly HashSet<CodeFact> _code;
    private readonly FrozenDictionary<uint, CatalogueRelation> _composites;
    private FrozenDictionary<string, ImmutableArray<FunctionBody>> _bodies = FrozenDictionary<string, ImmutableArray<FunctionBody>>.Empty;

    internal CatalogueSnapshot(
        long version, CatalogueFacts facts, IEnumerable<CatalogueRelation> relations, IEnumerable<CatalogueRelation> composites, FunctionReviews functions,
        TypeShapes shapes, HiddenCode hidden)
    {
        Version = version;
        Dialect = facts.Dialect;
        _reviewed = ReviewedFunctions.Of(facts.Dialect);
        ServerVersionNum = facts.ServerVersionNum;
        Types = new CatalogueTypes(facts.Types);
        Reference = new WeakReference<CatalogueSnapshot>(this);
        _code = facts.Code.Select(hidden.Judge).ToHashSet();
        _byOid = relations.ToFrozenDictionary(relation => relation.Oid);
        // Oldest first: of relations that share a name the lineage lists the columns in this order, and a hash table's is any.
        _byName = _byOid.Values.OrderBy(relation => relation.Oid).GroupBy(relation => relation.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal);
        _userFunctions = functions;
        _shapes = shapes;
        _hidden = hidden;
        _composites = composites.ToFrozenDictionary(composite => composite.Oid);
        _functions = new CodeNames(CodeKind.Function, facts.SystemFunctions, facts.Code, functions);
        _operators = new CodeNames(CodeKind.Operator, facts.SystemOperators, facts.Code, functions);
        _types = new CodeNames(CodeKind.Type, facts.SystemTypes, [.. facts.Code.Select(hidden.Judge)], functions);
        _attributeFunctions = facts.Code
            .Where(code => code.TakesOneRow && !ReviewedExtensions.Contains(code.Extension))
            .Select(code => code.Name).ToFrozenSet(StringComparer.Ordinal);
        _rowFunctions = facts.SystemRowFunctions.Concat(facts.Code.Where(code => code.TakesOneRow).Select(code => code.Name))
            .ToFrozenSet(StringComparer.Ordinal);
        _constraints = facts.ConstraintNames.ToFrozenSet(StringComparer.Ordinal);
        _schemas = _byOid.Values.Select(relation => relation.Schema).ToFrozenSet(StringComparer.Ordinal);
        _unsafePrints = _reviewed.Names
            .Where(name => _reviewed[name] == FunctionReview.Prints && !IsPrintedColumnShown(name))
            .ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Knows nothing: every relation is unknown, every function unreviewed.</summary>
    public static CatalogueSnapshot Empty { get; } =
        new(0, new CatalogueFacts { ServerVersionNum = 0, Relations = [], Columns = [] }, [], [], FunctionReviews.None, new TypeShapes([]), HiddenCode.None);

    /// <summary>Increases with every load; plans and cached analyses that used another version are void.</summary>
    public long Version { get; }

    /// <summary>By what people had said of columns when it was judged; another reference means that they may have said something else since.</summary>
    public IColumnClassifier Classifier { get; internal init; } = ColumnClassification.Nothing;

    /// <summary>Whose rules its names follow.</summary>
    public SqlDialect Dialect { get; }

    /// <summary>As in server_version_num: 150018 is 15.18; 101119 is MariaDB 10.11.19. 0 when not loaded.</summary>
    public int ServerVersionNum { get; }

    /// <summary>What masks have to know of types that are not the server's own.</summary>
    public CatalogueTypes Types { get; private set; }

    /// <summary>
    /// The version of the first snapshot with exactly these operators, types and casts that nobody reviewed, and these composite types: they can be met
    /// without being named.
    /// </summary>
    internal long CodeStamp { get; private set; }

    /// <summary>Since when names mean what they mean.</summary>
    internal NameChanges Changes { get; private set; } = NameChanges.None;

    /// <summary>For those that are to outlive it without keeping it.</summary>
    internal WeakReference<CatalogueSnapshot> Reference { get; }

    public int RelationCount => _byOid.Count;

    public IEnumerable<CatalogueRelation> Relations => _byOid.Values;

    public CatalogueRelation? Find(uint oid) => _byOid.GetValueOrDefault(oid);

    /// <summary>The relation, or the composite type that belongs to none, whose rows a value is: <see cref="TypeShape.RowOf"/>.</summary>
    public CatalogueRelation? FindRow(uint oid) => _byOid.GetValueOrDefault(oid) ?? _composites.GetValueOrDefault(oid);

    /// <summary>What a type is made of, by pg_type.oid; a type that is not known is taken for a plain one.</summary>
    public TypeShape ShapeOf(uint typeOid) => _shapes.Of(typeOid);

    /// <summary>Every relation that the name can mean, whatever the search path: those of all schemas when it is unqualified.</summary>
    public ImmutableArray<CatalogueRelation> Candidates(QualifiedName name)
    {
        if (!_byName.TryGetValue(name.Name, out var candidates))
            return [];
        return name.Schema switch
        {
            null => candidates,
            // The server maps it to the session's own temporary schema, whose real name the statement does not say.
            "pg_temp" => candidates.RemoveAll(relation => !relation.Schema.StartsWith("pg_temp_", StringComparison.Ordinal)),
            var schema => candidates.RemoveAll(relation => !string.Equals(relation.Schema, schema, StringComparison.Ordinal)),
        };
    }

    /// <summary>
    /// Every function that people made and that the name can mean, whatever the search path and the types of arguments: those of all schemas when
    /// it is unqualified. The server's own are not among them: <see cref="IsSystemFunction"/>.
    /// </summary>
    public ImmutableArray<CatalogueFunction> FunctionsNamed(QualifiedName name) => _userFunctions.Named(name);

    /// <summary>What is known about a call by this name without reading any function's body.</summary>
    public FunctionReview ReviewOf(QualifiedName function)
    {
        var (schema, name) = function;
        if (Dialect is SqlDialect.MySql)
            return ReviewOfMySql(function);
        if (schema == "information_schema")
            return ReviewedFunctions.Shipped.IsCleanInInformationSchema(name) ? FunctionReview.Clean : FunctionReview.None;
        if (schema is not (null or "pg_catalog"))
            return _userFunctions.Of(function) ?? FunctionReview.None;
        if (IsShadowed(_functions, function))
            return FunctionReview.None;
        var review = ReviewedFunctions.Shipped[name];
        if (review == FunctionReview.Prints && _unsafePrints.Contains(name))
            review = FunctionReview.Masked;
        if (_userFunctions.Of(function) is { } declared)
            return _functions.IsSystem(name) ? FunctionReviews.Worse(review, declared) : declared;
        if (review == FunctionReview.None && schema is null && _functions.HasReviewed(name) && !_functions.IsSystem(name))
            return FunctionReview.Clean;
        return review;
    }

    /// <summary>A function of the server comes before any other of its name; only a qualified call means one of people then.</summary>
    private FunctionReview ReviewOfMySql(QualifiedName function) =>
        function.Schema is null && _functions.IsSystem(function.Name) ? _reviewed[function.Name] : _userFunctions.Of(function) ?? FunctionReview.None;

    /// <summary>
    /// Whether a statement that was judged under the snapshot of an earlier version of the same database would be judged alike under this one: nothing that
    /// it names has changed, nor what views among that read, nor what constraints of that look at.
    /// </summary>
    public bool IsSameFor(StatementReading reading, long earlier) => new SnapshotComparison(this, earlier).IsSameFor(reading);

    /// <summary>The bodies of all functions that the name can be, when each is SQL that was read; default otherwise.</summary>
    public ImmutableArray<FunctionBody> BodiesOf(QualifiedName function) => _bodies.GetValueOrDefault(function.Name);

    /// <summary>Whether every operator that the symbol can mean is the server's own or a reviewed extension's.</summary>
    public bool IsOperatorReviewed(QualifiedName symbol) => IsReviewed(_operators, symbol);

    /// <summary>Whether naming the type in a cast runs no code that nobody reviewed.</summary>
    public bool IsTypeReviewed(QualifiedName type) =>
        IsReviewed(_types, type) || (type.Schema is null && type.Name is "serial" or "smallserial" or "bigserial" && !_types.HasUnreviewed(type.Name));

    /// <summary>The same of a type by pg_type.oid; a type that is not known is not reviewed.</summary>
    public bool IsTypeReviewed(uint typeOid) => _hidden.IsReviewed(typeOid);

    /// <summary>Whether the server can apply casts by itself that nobody reviewed, to values that any statement can have.</summary>
    public bool HasUnreviewedCasts => _hidden.HasCastsAnywhere;

    /// <summary>Whether the server can run such code by reading a literal, when it parses a statement: in domains inside other types, or in base types of users.</summary>
    public bool RunsCodeInLiterals => _hidden.RunsInLiterals;

    /// <summary>Whether a function of that name exists that nobody reviewed.</summary>
    public bool HasUnreviewedFunction(string name) => _functions.HasUnreviewed(name);

    /// <summary>Whether pg_catalog has a function of that name.</summary>
    public bool IsSystemFunction(string name) => _functions.IsSystem(name);

    /// <summary>Whether <c>row.name</c> can call a function that nobody reviewed: PostgreSQL resolves it so when the row has no such column.</summary>
    public bool IsAttributeFunction(string name) => _attributeFunctions.Contains(name);

    /// <summary>Whether <c>row.name</c> can hand the whole row to a function, whoever made it and whether or not it is reviewed.</summary>
    public bool TakesRow(string name) => _rowFunctions.Contains(name);

    /// <summary>Whether any function has that name.</summary>
    public bool IsFunction(string name) => _functions.IsSystem(name) || _functions.HasReviewed(name) || _functions.HasUnreviewed(name);

    /// <summary>Whether a constraint or an index has that name: an error may then print it.</summary>
    public bool IsConstraint(string name) => _constraints.Contains(name);

    /// <summary>Whether a relation lives in a schema of that name.</summary>
    public bool IsSchema(string name) => _schemas.Contains(name);

    /// <summary>Whether any type has that name: an error may then print it.</summary>
    public bool IsType(string name) => _types.IsSystem(name) || _types.HasReviewed(name) || _types.HasUnreviewed(name);

    public override string ToString() => $"catalogue {Version} ({RelationCount} relations)";

    /// <summary>Before anybody else sees the snapshot, and when its relations are complete: tells what is as it was.</summary>
    internal void FollowOn(CatalogueSnapshot? previous, CatalogueFacts facts)
    {
        RelationStamps.Assign(this, previous, facts);
        if (previous is null || previous.Version == 0)
        {
            CodeStamp = Version;
            Changes = NameChanges.StartingAt(Version);
            return;
        }
        if (Types.IsSameAs(previous.Types))
            Types = previous.Types;
        CodeStamp = ServerVersionNum == previous.ServerVersionNum && _hidden.IsSameAs(previous._hidden) && HasUnreviewedOf(previous) && HasCompositesOf(previous)
            ? previous.CodeStamp : Version;
        var gone = previous._byOid.Values
            .Where(relation => Find(relation.Oid) is not { } now || now.Name != relation.Name || now.Schema != relation.Schema)
            .Select(static relation => relation.Name).ToHashSet(StringComparer.Ordinal);
        var code = NameChanges.Between(previous._code, _code);
        code.UnionWith(_unsafePrints.Except(previous._unsafePrints));
        code.UnionWith(previous._unsafePrints.Except(_unsafePrints));
        Changes = previous.Changes.With(Version, gone, code);
    }

    private bool HasUnreviewedOf(CatalogueSnapshot other) =>
        Unreviewed().All(other._code.Contains) && other.Unreviewed().All(_code.Contains);

    private IEnumerable<CodeFact> Unreviewed() => _code.Where(static code => code is { Kind: not CodeKind.Function, IsHarmless: false });

    private bool HasCompositesOf(CatalogueSnapshot other) =>
        _composites.Count == other._composites.Count
        && _composites.Values.All(composite => other._composites.GetValueOrDefault(composite.Oid)?.IsSameAs(composite) is true);

    /// <summary>Before anybody else sees the snapshot: what definitions say, where they can be followed.</summary>
    internal void Follow(IEnumerable<CatalogueFunction> functions, CatalogueDefinitions definitions)
    {
        _bodies = FunctionBodies.Read(this, functions, definitions);
        // A body that calls what nobody reviewed is not followed, nor are those that call it.
        while (FunctionBodies.Unreviewed(this, _bodies) is { Count: > 0 } unreviewed)
            _bodies = _bodies.Where(body => !unreviewed.Contains(body.Key)).ToFrozenDictionary(StringComparer.Ordinal);
        new ViewLineage(this, definitions).FollowAll();
    }

    private static bool IsReviewed(CodeNames names, QualifiedName name) =>
        !IsShadowed(names, name) && (names.IsSystem(name.Name) || (name.Schema != "pg_catalog" && names.HasReviewed(name.Name)));

    /// <summary>Whether the name can mean code of a user that nobody reviewed.</summary>
    private static bool IsShadowed(CodeNames names, QualifiedName name) =>
        name.Schema == "pg_catalog" ? names.HasUnreviewedInSystem(name.Name) : names.HasUnreviewed(name.Name);

    private bool IsPrintedColumnShown(string function)
    {
        var (relation, column) = _reviewed.PrintedColumn(function);
        var candidates = Candidates(new QualifiedName("pg_catalog", relation));
        return candidates is [var only] && only.Column(column) is { IsPhi: false };
    }
}
