using System.Collections.Frozen;
using Proxy.Core.Catalogue.Facts;

namespace Proxy.Core.Catalogue;

/// <summary>
/// Where code runs that no statement names and nobody reviewed: in values of types (a domain's check, also inside arrays, composites and ranges), in
/// casts that the server applies by itself, and in row security policies.
/// </summary>
internal sealed class HiddenCode
{
    /// <summary>The first OID that is given to what people create (FirstNormalObjectId).</summary>
    public const uint FirstOfUsers = 16384;

    private readonly FrozenSet<uint> _types;
    private readonly FrozenSet<uint> _domains;
    private readonly FrozenSet<uint> _reviewedTypes;
    private readonly FrozenSet<uint> _read;

    public HiddenCode(CatalogueFacts facts, FunctionReviews functions)
    {
        var types = facts.TypeCode.Where(code => !functions.IsReviewed(code.Function)).Select(code => code.On).ToHashSet();
        foreach (var cast in facts.Casts)
        {
            if (ReviewedExtensions.Contains(cast.Extension) || functions.IsReviewed(cast.Function)) continue;
            if (cast is { Source: 0, Target: 0 }) HasCastsAnywhere = true;
            if (cast.Source != 0) types.Add(cast.Source);
            if (cast.Target != 0) types.Add(cast.Target);
        }

        CloseOverParts(types, facts);
        _types = types.ToFrozenSet();
        _domains = facts.TypeShapes.Where(shape => shape.BaseTypeOid != 0).Select(shape => shape.TypeOid).ToFrozenSet();
        _reviewedTypes = facts.Code
            .Where(code => code is { Kind: CodeKind.Type, Oid: not 0 } && (code.IsHarmless || ReviewedExtensions.Contains(code.Extension)))
            .Select(code => code.Oid).Where(oid => !types.Contains(oid)).ToFrozenSet();
        _read = Read(facts, functions);
        RunsInLiterals = types.Any(type => !_domains.Contains(type));
    }

    /// <summary>Nothing is known of any type.</summary>
    public static HiddenCode None { get; } = new(new CatalogueFacts { ServerVersionNum = 0, Relations = [], Columns = [] }, FunctionReviews.None);

    /// <summary>Whether a cast that nobody reviewed can be applied to values that any statement can have.</summary>
    public bool HasCastsAnywhere { get; }

    /// <summary>Whether reading a literal can run such code. Next to a domain itself it is read as the base type, and checked when the statement runs.</summary>
    public bool RunsInLiterals { get; }

    /// <summary>Whether making, printing or comparing values of the type runs no code that nobody reviewed. A type that is not known is not reviewed.</summary>
    public bool IsReviewed(uint typeOid) => typeOid < FirstOfUsers ? !_types.Contains(typeOid) : _reviewedTypes.Contains(typeOid);

    /// <summary>Whether the same types run code.</summary>
    public bool IsSameAs(HiddenCode other) => HasCastsAnywhere == other.HasCastsAnywhere && _types.SetEquals(other._types);

    /// <summary>A type's fact, as far as its name goes: harmless only if nothing that it is made of runs anything.</summary>
    public CodeFact Judge(CodeFact code) =>
        code is { Kind: CodeKind.Type, Oid: not 0 } && _types.Contains(code.Oid) ? code with { IsHarmless = false, Extension = null } : code;

    /// <summary>Whether reading the relation runs such code: a policy's, or what a literal next to one of its columns can set off.</summary>
    public bool RunsWhenRead(uint relationOid) => _read.Contains(relationOid);

    /// <summary>Whether a write of such a column runs such code.</summary>
    public bool RunsWhenWritten(in ColumnFact column) => _types.Contains(column.TypeOid);

    /// <summary>
    /// An array, a composite or a range is read from a literal by its own input function, which runs the check of a domain inside; next to a column that
    /// is itself a domain, a literal is read as the base type (oper, select_common_type), and only a whole row runs the check.
    /// </summary>
    private bool RunsNextToLiteral(in ColumnFact column) => _types.Contains(column.TypeOid) && !_domains.Contains(column.TypeOid);

    private static void CloseOverParts(HashSet<uint> types, CatalogueFacts facts)
    {
        var fields = facts.CompositeFields.Concat(facts.Columns).ToLookup(field => field.RelationOid, field => field.TypeOid);
        var wholes = facts.RangeParts.Concat(facts.TypeShapes.SelectMany(shape => shape.RelationOid != 0
                ? fields[shape.RelationOid].Select(part => new RelationLink(shape.TypeOid, part))
                : [new RelationLink(shape.TypeOid, shape.BaseTypeOid != 0 ? shape.BaseTypeOid : shape.ElementTypeOid)]))
            .ToLookup(link => link.To, link => link.From);
        var pending = new Queue<uint>(types);
        while (pending.TryDequeue(out var part))
            foreach (var whole in wholes[part])
                if (types.Add(whole))
                    pending.Enqueue(whole);
    }

    private FrozenSet<uint> Read(CatalogueFacts facts, FunctionReviews functions)
    {
        var read = facts.PolicyCode
            .Where(code => !ReviewedExtensions.Contains(code.Extension) && !functions.IsReviewed(code.Function))
            .Select(code => code.On).ToHashSet();
        foreach (var column in facts.Columns)
            if (RunsNextToLiteral(column))
                read.Add(column.RelationOid);
        var views = facts.ViewSources.ToLookup(link => link.To, link => link.From);
        var pending = new Queue<uint>(read);
        while (pending.TryDequeue(out var relation))
            foreach (var view in views[relation])
                if (read.Add(view))
                    pending.Enqueue(view);
        return read.ToFrozenSet();
    }
}
