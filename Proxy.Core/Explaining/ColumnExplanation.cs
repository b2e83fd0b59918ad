using System.Collections.Immutable;

namespace Proxy.Core.Explaining;

/// <summary>A column of the answer.</summary>
/// <param name="Name">As the server would call it.</param>
/// <param name="Derivation"><c>copy</c>, <c>expression</c>, <c>constant</c> or <c>opaque</c>.</param>
/// <param name="Sources">The base columns that flow into it.</param>
/// <param name="Shown">How it would be shown; null where the statement would not run.</param>
/// <param name="Why">In words.</param>
public sealed record ColumnExplanation(string Name, string Derivation, ImmutableArray<SourceExplanation> Sources, string? Shown, string Why);
