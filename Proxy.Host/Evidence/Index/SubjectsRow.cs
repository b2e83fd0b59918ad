using Microsoft.Data.Sqlite;

namespace Proxy.Host.Evidence.Index;

/// <summary>Whose rows an answer held, as keyed codes.</summary>
public sealed class SubjectsRow
{
    public long Number { get; init; }
    public DateTime Time { get; init; }

    /// <summary>The statement that was answered.</summary>
    public long Statement { get; init; }

    /// <summary>The kind of individuals, such as <c>patient</c>.</summary>
    public string Kind { get; init; } = "";
    public long Rows { get; init; }

    /// <summary>Rows of which nobody knows whose they are.</summary>
    public long UnreadRows { get; init; }

    /// <summary>There were more individuals than codes.</summary>
    public bool IsCapped { get; init; }

    /// <summary>In hexadecimal, with blanks between them.</summary>
    public string Codes { get; init; } = "";

    internal const string Columns = "number, time, statement, kind, rows, unread, capped, codes";

    internal static SubjectsRow Read(SqliteDataReader reader) => new()
    {
        Number = reader.GetInt64(0),
        Time = new DateTime(reader.GetInt64(1), DateTimeKind.Utc),
        Statement = reader.GetInt64(2),
        Kind = reader.GetString(3),
        Rows = reader.GetInt64(4),
        UnreadRows = reader.GetInt64(5),
        IsCapped = reader.GetInt64(6) != 0,
        Codes = reader.GetString(7),
    };
}
