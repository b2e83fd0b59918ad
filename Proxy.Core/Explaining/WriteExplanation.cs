using System.Collections.Immutable;

namespace Proxy.Core.Explaining;

/// <summary>A value that would be stored.</summary>
/// <param name="Into">schema.relation.column, or schema.relation where the column is not known.</param>
/// <param name="Class">Of that column.</param>
/// <param name="Sources">The base columns that flow into it.</param>
/// <param name="ReplacesValue">Whether a value that is there may be replaced.</param>
public sealed record WriteExplanation(string Into, string Class, ImmutableArray<SourceExplanation> Sources, bool ReplacesValue);
