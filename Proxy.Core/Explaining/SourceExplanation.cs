namespace Proxy.Core.Explaining;

/// <summary>A base column.</summary>
/// <param name="Column">schema.relation.column.</param>
/// <param name="Class">Which identifier it is: <c>not-phi</c>, <c>unreviewed</c>, <c>name</c>, …</param>
public sealed record SourceExplanation(string Column, string Class);
