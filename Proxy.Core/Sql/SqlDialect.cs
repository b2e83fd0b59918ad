namespace Proxy.Core.Sql;

/// <summary>Whose rules a text and a catalogue follow.</summary>
public enum SqlDialect : byte
{
    Postgres = 0,

    /// <summary>MySQL and MariaDB.</summary>
    MySql,
}
