using System.Globalization;

namespace Proxy.Core.Sql.MySql;

/// <summary>What, besides the text, decides how a server reads it. The text itself has to be UTF-8.</summary>
/// <param name="Flavour">Which server.</param>
/// <param name="ServerVersion">As in executable comments: 101119 for 10.11.19, 80036 for 8.0.36.</param>
/// <param name="Modes">Of the session's sql_mode.</param>
/// <param name="FoldsRelationNames">Whether lower_case_table_names is not 0: then names of databases, tables and their aliases have no case.</param>
public sealed record MySqlReadSettings(MySqlFlavour Flavour, int ServerVersion, MySqlModes Modes, bool FoldsRelationNames = false)
{
    /// <summary>What a MariaDB of Debian 12 begins with.</summary>
    public static MySqlReadSettings Default { get; } = new(MySqlFlavour.MariaDb, 101100, MySqlModes.None);

    /// <summary>From @@version and @@sql_mode. Null for a version that cannot be read: then nothing can be.</summary>
    public static MySqlReadSettings? FromServer(string version, string sqlMode, bool foldsRelationNames = false)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(sqlMode);
        bool isMaria = version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        // Replicas of old clients' sake: MariaDB writes 5.5.5- before its own version in the greeting.
        if (isMaria && version.StartsWith("5.5.5-", StringComparison.Ordinal)) version = version[6..];
        string[] parts = version.Split('-', 2)[0].Split('.');
        if (parts.Length < 3) return null;
        int number = 0;
        for (int i = 0; i < 3; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out int part) || part > 99) return null;
            number = (number * 100) + part;
        }

        return new MySqlReadSettings(isMaria ? MySqlFlavour.MariaDb : MySqlFlavour.MySql, number, ModesOf(sqlMode), foldsRelationNames);
    }

    /// <summary>From a value of sql_mode, as it is written or as the server shows it. A member that is not known counts as another grammar.</summary>
    public static MySqlModes ModesOf(string sqlMode)
    {
        ArgumentNullException.ThrowIfNull(sqlMode);
        MySqlModes modes = MySqlModes.None;
        foreach (string part in sqlMode.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) modes |= ModeOf(part.ToUpperInvariant());
        return modes;
    }

    private static MySqlModes ModeOf(string name) => name switch
    {
        "ANSI_QUOTES" => MySqlModes.AnsiQuotes,
        "NO_BACKSLASH_ESCAPES" => MySqlModes.NoBackslashEscapes,
        "PIPES_AS_CONCAT" => MySqlModes.PipesAsConcat,
        "IGNORE_SPACE" => MySqlModes.IgnoreSpace,
        "HIGH_NOT_PRECEDENCE" => MySqlModes.HighNotPrecedence,
        "ANSI" or "DB2" or "MAXDB" or "POSTGRESQL" => MySqlModes.AnsiQuotes | MySqlModes.PipesAsConcat | MySqlModes.IgnoreSpace,
        "MYSQL323" or "MYSQL40" => MySqlModes.HighNotPrecedence,
        "REAL_AS_FLOAT" or "ONLY_FULL_GROUP_BY" or "NO_UNSIGNED_SUBTRACTION" or "NO_DIR_IN_CREATE" or "NO_KEY_OPTIONS" or "NO_TABLE_OPTIONS"
            or "NO_FIELD_OPTIONS" or "NO_AUTO_VALUE_ON_ZERO" or "STRICT_TRANS_TABLES" or "STRICT_ALL_TABLES" or "NO_ZERO_IN_DATE" or "NO_ZERO_DATE"
            or "ALLOW_INVALID_DATES" or "ERROR_FOR_DIVISION_BY_ZERO" or "TRADITIONAL" or "NO_AUTO_CREATE_USER" or "NO_ENGINE_SUBSTITUTION"
            or "PAD_CHAR_TO_FULL_LENGTH" or "EMPTY_STRING_IS_NULL" or "SIMULTANEOUS_ASSIGNMENT" or "TIME_ROUND_FRACTIONAL"
            or "TIME_TRUNCATE_FRACTIONAL" or "IGNORE_BAD_TABLE_OPTIONS" => MySqlModes.None,
        _ => MySqlModes.OtherGrammar,
    };

    /// <summary>Whether a member of <see cref="MySqlModes"/> is set.</summary>
    public bool Has(MySqlModes mode) => (Modes & mode) != 0;
}
