using System.Collections.Immutable;

namespace Proxy.Core.Sql.Syntax;

/// <summary>XMLTABLE and JSON_TABLE: every column is made of all the inputs.</summary>
public sealed class TableFunctionSource : Source
{
    public required ImmutableArray<Expression> Inputs { get; init; }
    public required ImmutableArray<string> Columns { get; init; }
}
