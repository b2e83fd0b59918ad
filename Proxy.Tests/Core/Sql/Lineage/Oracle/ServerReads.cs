namespace Proxy.Tests.Core.Sql.Lineage.Oracle;

/// <summary>What the server recorded that a statement reads.</summary>
/// <param name="Columns">Relation and attnum of every column of a relation in FROM, or of a target; system catalogues are not recorded.</param>
/// <param name="HasWholeRow">Whether a row is used as a value: the server then records the relation and none of its columns.</param>
/// <param name="CallsUsersFunction">Whether it calls a function that is not the server's own, whose body we follow and the server does not.</param>
/// <param name="ListsExcluded">Whether it has ON CONFLICT DO UPDATE: the columns of EXCLUDED count as the target's then.</param>
internal sealed record ServerReads(IReadOnlySet<(uint Relation, short Column)> Columns, bool HasWholeRow, bool CallsUsersFunction, bool ListsExcluded);
