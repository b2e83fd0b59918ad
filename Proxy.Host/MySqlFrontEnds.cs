using Proxy.Core.Sql;
using Proxy.Core.Sql.MySql;

namespace Proxy.Host;

/// <summary>Readers of MySQL's SQL, by what a server says of itself. One for the process: they share a cache for each set of settings.</summary>
internal static class MySqlFrontEnds
{
    private static readonly MySqlFrontEnd Reader = new(new MySqlFrontEndOptions());

    /// <summary>For the queries of views, which the server prints in one form whatever the session's settings.</summary>
    public static ISqlFrontEnd ForCatalogue => Reader.For(MySqlReadSettings.Default);

    /// <summary>The reader of a session, or null where the version or the sql_mode is one that nobody reads.</summary>
    /// <param name="version">As in the server's greeting.</param>
    /// <param name="sqlMode">Of the session.</param>
    /// <param name="foldsRelationNames">Whether names of relations mean the same in any case.</param>
    public static ISqlFrontEnd? For(string version, string sqlMode, bool foldsRelationNames) =>
        MySqlReadSettings.FromServer(version, sqlMode, foldsRelationNames) is { } settings && !settings.Has(MySqlModes.OtherGrammar) ? Reader.For(settings) : null;
}
