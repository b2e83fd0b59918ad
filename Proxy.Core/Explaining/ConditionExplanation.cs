using System.Collections.Immutable;

namespace Proxy.Core.Explaining;

/// <summary>PHI that decides something.</summary>
/// <param name="Form"><c>equality</c>, <c>null-test</c>, <c>ordering</c>, <c>grouping</c> or <c>other</c>, which is inference.</param>
/// <param name="Sources">Which columns; empty when nobody knows.</param>
/// <param name="Position">Where in the text, in bytes; -1 where the grammar does not say.</param>
public sealed record ConditionExplanation(string Form, ImmutableArray<SourceExplanation> Sources, int Position);
