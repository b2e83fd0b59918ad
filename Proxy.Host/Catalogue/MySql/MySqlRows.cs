using System.Globalization;
using MySqlConnector;

namespace Proxy.Host.Catalogue.MySql;

/// <summary>Reads the rows of one question after another.</summary>
internal sealed class MySqlRows(MySqlConnection connection, CancellationToken cancellationToken)
{
    public static string? TextOrNull(MySqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : Convert.ToString(row.GetValue(ordinal), CultureInfo.InvariantCulture);

    public static long? NumberOrNull(MySqlDataReader row, int ordinal)
    {
        if (row.IsDBNull(ordinal))
            return null;
        var number = Convert.ToDecimal(row.GetValue(ordinal), CultureInfo.InvariantCulture);
        return number > long.MaxValue ? long.MaxValue : (long)number;
    }

    public async Task<List<T>> ReadAsync<T>(string query, Func<MySqlDataReader, T> read)
    {
        await using var command = new MySqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Nothing where the server does not have the table or column: MySQL 8 has JSON as a type, and no check constraints' tables.</summary>
    public async Task<List<T>> ReadOrNothingAsync<T>(string query, Func<MySqlDataReader, T> read)
    {
        try
        {
            return await ReadAsync(query, read);
        }
        catch (MySqlException error) when (error.ErrorCode is MySqlErrorCode.BadFieldError or MySqlErrorCode.UnknownTable or MySqlErrorCode.NoSuchTable)
        {
            return [];
        }
    }
}
