using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Npgsql;

namespace Proxy.Tests.Core.Masking.Postgres;

/// <summary>
/// Tables of one column of a type on a real server, filled and read by binary COPY, whose fields are the bytes that a DataRow has in binary, and by
/// text COPY and the output function, which give those of text.
/// </summary>
internal sealed class MaskingTable(NpgsqlConnection connection, string type)
{
    private static readonly byte[] Signature = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8];

    public Task CreateAsync(string table) =>
        ExecuteAsync($"drop table if exists {table}; create temp table {table} (id int, v {type})");

    public async Task<long> CountAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Through the type's input function, with its modifier.</summary>
    public async Task FillFromTextAsync(string table, IReadOnlyList<byte[]?> values)
    {
        await using var copy = await connection.BeginTextImportAsync($"copy {table} from stdin (format text)");
        for (var i = 0; i < values.Count; i++)
            await copy.WriteAsync($"{i}\t{(values[i] is { } value ? Escape(Encoding.UTF8.GetString(value)) : "\\N")}\n");
    }

    /// <summary>Through the type's receive function, with its modifier.</summary>
    public async Task FillFromBinaryAsync(string table, IReadOnlyList<byte[]?> values)
    {
        var bytes = new MemoryStream();
        bytes.Write(Signature);
        bytes.Write(new byte[8]);
        for (var i = 0; i < values.Count; i++)
        {
            bytes.Write([0, 2]);
            Write(bytes, 4);
            Write(bytes, i);
            Write(bytes, values[i]?.Length ?? -1);
            bytes.Write(values[i]);
        }
        bytes.Write([0xFF, 0xFF]);
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy {table} from stdin (format binary)");
        await copy.WriteAsync(bytes.ToArray());
    }

    /// <summary>Every value in both formats, as the session's settings have it.</summary>
    public async Task<IReadOnlyList<(byte[] Binary, byte[] Text)>> ReadAsync(string table)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"copy (select v, format('%s', v) from {table} order by id) to stdout (format binary)");
        var buffer = new MemoryStream();
        await copy.CopyToAsync(buffer);
        var bytes = buffer.ToArray().AsSpan(Signature.Length + 8);
        var values = new List<(byte[], byte[])>();
        while (BinaryPrimitives.ReadInt16BigEndian(bytes) == 2)
        {
            bytes = bytes[2..];
            values.Add((Field(ref bytes), Field(ref bytes)));
        }
        return values;
    }

    private static byte[] Field(ref Span<byte> bytes)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        var field = bytes.Slice(4, length).ToArray();
        bytes = bytes[(4 + length)..];
        return field;
    }

    private static void Write(MemoryStream bytes, int value)
    {
        Span<byte> big = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(big, value);
        bytes.Write(big);
    }

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal);
}
