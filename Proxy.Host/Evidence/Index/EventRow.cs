using Microsoft.Data.Sqlite;

namespace Proxy.Host.Evidence.Index;

/// <summary>What was recorded and is no statement: refused sign-ins, changes of the configuration, revocations, credentials, reads and reviews of the audit.</summary>
public sealed class EventRow
{
    public long Number { get; init; }
    public DateTime Time { get; init; }
    public string Kind { get; init; } = "";

    /// <summary>Who did it, as far as that is known.</summary>
    public string Who { get; init; } = "";

    /// <summary>To what: a target, a version of the configuration, an identity, a command.</summary>
    public string What { get; init; } = "";
    public string Code { get; init; } = "";
    public string Detail { get; init; } = "";
    public string Client { get; init; } = "";

    internal const string Columns = "number, time, kind, who, what, code, detail, client";

    internal static EventRow Read(SqliteDataReader reader) => new()
    {
        Number = reader.GetInt64(0),
        Time = new DateTime(reader.GetInt64(1), DateTimeKind.Utc),
        Kind = reader.GetString(2),
        Who = reader.GetString(3),
        What = reader.GetString(4),
        Code = reader.GetString(5),
        Detail = reader.GetString(6),
        Client = reader.GetString(7),
    };
}
