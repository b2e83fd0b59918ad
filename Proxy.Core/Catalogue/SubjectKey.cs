namespace Proxy.Core.Catalogue;

/// <summary>A column that says whose row it is: equal values in the columns of one kind are one individual.</summary>
/// <param name="Kind">A name for the individuals and the way they are numbered, such as <c>patient</c>.</param>
/// <param name="Schema">Exact names, as everywhere.</param>
/// <param name="Relation">Of the column.</param>
/// <param name="Column">The column.</param>
/// <param name="Origin">Where it was written, <c>classification.yaml:12:7</c>.</param>
public sealed record SubjectKey(string Kind, string Schema, string Relation, string Column, string Origin);
