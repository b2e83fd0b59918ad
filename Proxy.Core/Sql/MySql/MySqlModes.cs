namespace Proxy.Core.Sql.MySql;

/// <summary>Those members of sql_mode that change how a text is read.</summary>
[Flags]
public enum MySqlModes : byte
{
    None = 0,

    /// <summary>Double quotes are around names, not strings.</summary>
    AnsiQuotes = 1,

    /// <summary>A backslash in a string is a backslash.</summary>
    NoBackslashEscapes = 2,

    /// <summary>|| joins strings; without it, it is OR.</summary>
    PipesAsConcat = 4,

    /// <summary>Spaces are allowed between the name of a function and its parenthesis.</summary>
    IgnoreSpace = 8,

    /// <summary>NOT binds as tightly as !.</summary>
    HighNotPrecedence = 16,

    /// <summary>ORACLE and MSSQL have grammars of their own: nothing is read.</summary>
    OtherGrammar = 32,
}
