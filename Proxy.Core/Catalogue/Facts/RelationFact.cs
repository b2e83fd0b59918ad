namespace Proxy.Core.Catalogue.Facts;

/// <summary>A row of pg_class. <paramref name="Kind"/> is relkind; system relations are recognised by their schema.</summary>
/// <param name="RunsUnreviewedCode">Whether touching it runs a user trigger, a rule, or a default, check, index expression or policy that calls user code.</param>
public readonly record struct RelationFact(uint Oid, string Schema, string Name, char Kind, bool RunsUnreviewedCode);
