namespace Proxy.Protocols.MySql;

/// <summary>By what the server reads the texts of a session, as it said at the login. Words of letters, digits, underscores and commas.</summary>
/// <param name="SqlMode">Of the session.</param>
/// <param name="CharacterSet">That of its texts.</param>
/// <param name="Collation">By which literals compare.</param>
/// <param name="FoldsRelationNames">Whether names of relations mean the same in any case (lower_case_table_names).</param>
internal sealed record ServerSessionState(string SqlMode, string CharacterSet, string Collation, bool FoldsRelationNames);
