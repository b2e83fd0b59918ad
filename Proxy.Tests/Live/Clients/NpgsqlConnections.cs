using System.Globalization;
using Npgsql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Clients;

/// <summary>An endpoint as Npgsql wants it.</summary>
internal static class NpgsqlConnections
{
    public static string StringFor(ClientEndpoint endpoint) => new NpgsqlConnectionStringBuilder
    {
        Host = endpoint.Host,
        Port = endpoint.Port,
        Database = endpoint.Database,
        Username = endpoint.User,
        Password = endpoint.Password.Length > 0 ? endpoint.Password : null,
        SslMode = SslMode.VerifyFull,
        RootCertificate = endpoint.AuthorityPath,
        Pooling = false,
        Timeout = 30,
        MaxAutoPrepare = 10,
        AutoPrepareMinUsages = 3,
        ArrayNullabilityMode = ArrayNullabilityMode.Always,
    }.ConnectionString;

    /// <summary>All rows of a reader's current result, readable and the same everywhere.</summary>
    public static string Print(IEnumerable<object?[]> rows) =>
        string.Join("", rows.Select(row => $"({string.Join(", ", row.Select(Print))})"));

    private static string Print(object? value) => value switch
    {
        null or DBNull => "null",
        byte[] bytes => Convert.ToHexString(bytes),
        string text => text,
        System.Collections.IEnumerable items => $"[{string.Join(",", items.Cast<object?>().Select(Print))}]",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
