namespace Proxy.Core.Sql.MySql;

/// <summary>Which of the two servers reads the text. They share most of a grammar, and differ in comments, key words and forms.</summary>
public enum MySqlFlavour : byte
{
    MariaDb = 0,
    MySql,
}
