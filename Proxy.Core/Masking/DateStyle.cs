namespace Proxy.Core.Masking;

/// <summary>
/// How the session's server writes dates and timestamps as text (the DateStyle setting: output style and field order).
/// <see cref="Iso"/> is what a server uses unless told otherwise; a date in text under <see cref="Unknown"/> becomes NULL.
/// </summary>
public enum DateStyle : byte
{
    Iso = 0,
    SqlMonthFirst,
    SqlDayFirst,
    PostgresMonthFirst,
    PostgresDayFirst,
    German,
    Unknown,
}
