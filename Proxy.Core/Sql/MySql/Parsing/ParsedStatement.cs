using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>A statement as parsed: what it is, and its tree where it has one.</summary>
internal readonly record struct ParsedStatement(StatementKind Kind, Statement? Syntax = null);
