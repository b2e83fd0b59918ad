using System.Collections.Immutable;

namespace Proxy.Core.Sql;

/// <summary>What a COPY … TO STDOUT copies and how.</summary>
/// <param name="Relation">The table; null for COPY (query).</param>
/// <param name="Columns">The columns named; empty for all.</param>
/// <param name="Options">Null when there is one that the reader does not know, or a value of one.</param>
public sealed record CopyReading(QualifiedName? Relation, ImmutableArray<string> Columns, CopyOptions? Options);
