namespace Proxy.Protocols.Postgres;

/// <summary>
/// Which prepared statement an EXECUTE, or which cursor a FETCH, means: not the name but the object. Equal as long as nobody has defined the name
/// anew; a cursor is told by the record of its execution and its place in the text, because portals are re-used objects.
/// </summary>
internal readonly record struct NamedGeneration(PreparedStatement? Statement, long Execution, int StatementIndex);
