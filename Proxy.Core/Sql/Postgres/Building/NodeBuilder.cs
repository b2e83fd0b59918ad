namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Turns the node at an index of the grammar's tree into one of the common tree.</summary>
internal delegate T NodeBuilder<out T>(ref BuildContext context, int index);
