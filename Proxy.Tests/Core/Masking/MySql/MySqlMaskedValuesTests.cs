using System.Buffers.Binary;
using System.Text;
using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Masking.MySql;

/// <summary>A real server takes every masked value into the column that it stands for, under the strictest sql_mode, and gives it back unchanged.</summary>
public sealed class MySqlMaskedValuesTests
{
    private static readonly MaskingKeys Keys = new([.. Enumerable.Range(0, 32).Select(static i => (byte)(7 * i))]);

    [TestCase("smallint", MySqlFieldType.Short, 0, 6u, 0, "1234")]
    [TestCase("mediumint unsigned", MySqlFieldType.Int24, 0x20, 8u, 0, "1234")]
    [TestCase("bigint", MySqlFieldType.LongLong, 0, 20u, 0, "912573461")]
    [TestCase("float", MySqlFieldType.Float, 0, 12u, 31, "1.5")]
    [TestCase("float(7,2)", MySqlFieldType.Float, 0, 7u, 2, "1.50")]
    [TestCase("double(5,4)", MySqlFieldType.Double, 0, 5u, 4, "1.5000")]
    [TestCase("decimal(5,2)", MySqlFieldType.NewDecimal, 0, 7u, 2, "1.50")]
    [TestCase("decimal(38,38)", MySqlFieldType.NewDecimal, 0, 40u, 38, "0.10000000000000000000000000000000000000")]
    [TestCase("date", MySqlFieldType.Date, 0, 10u, 0, "1931-02-03")]
    [TestCase("datetime(6)", MySqlFieldType.DateTime, 0, 26u, 6, "1931-02-03 04:05:06.000007")]
    [TestCase("timestamp(3)", MySqlFieldType.Timestamp, 0, 23u, 3, "2024-02-03 04:05:06.500")]
    [TestCase("time(2)", MySqlFieldType.Time, 0, 13u, 2, "-100:02:03.50")]
    [TestCase("year", MySqlFieldType.Year, 0, 4u, 0, "1931")]
    [TestCase("tinyint", MySqlFieldType.Tiny, 0, 4u, 0, "7")]
    [TestCase("char(5)", MySqlFieldType.String, 0, 20u, 0, "O+")]
    [TestCase("varchar(40)", MySqlFieldType.VarString, 0, 160u, 0, "Quillfeather")]
    [TestCase("set('a','b')", MySqlFieldType.String, 0x800, 12u, 0, "a")]
    public async Task The_server_takes_a_masked_value(string declared, MySqlFieldType type, int flags, uint length, byte decimals, string value)
    {
        var server = await SharedServers.MariaDbAsync();
        var database = await server.CreateDatabaseAsync();
        await using var connection = await server.OpenAsync(database);
        await ExecuteAsync(connection, $"set sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO'; create table t (id int primary key auto_increment, c {declared} not null)");
        ushort collation = type is MySqlFieldType.String or MySqlFieldType.VarString ? (ushort)45 : (ushort)63;
        var column = new MySqlResultColumn(database, "t", "c", type, (ushort)flags, collation, length, decimals, IsBinary: false);

        foreach (var kind in new[] { MaskKind.Redact, MaskKind.Pseudonym })
        {
            var masked = Masked(MySqlColumnType.Mask(kind, column, domain: Keys.Domain("test")), value);
            await using var insert = new MySqlCommand("insert into t (c) values (@v)", connection);
            insert.Parameters.AddWithValue("@v", masked);
            await insert.ExecuteNonQueryAsync();
            // In the form in which a client would see it.
            await using var select = new MySqlCommand("select concat(c) from t order by id desc limit 1", connection);
            Assert.That(await select.ExecuteScalarAsync(), Is.EqualTo(masked).Or.EqualTo(Encoding.UTF8.GetBytes(masked)), kind.ToString());
        }
    }

    [TestCase("point", 25)]
    [TestCase("linestring", 45)]
    [TestCase("polygon", 81)]
    [TestCase("multipoint", 34)]
    [TestCase("multilinestring", 54)]
    [TestCase("multipolygon", 90)]
    [TestCase("geometrycollection", 13)]
    public async Task A_shape_stands_for_shapes_of_its_kind(string declared, int length)
    {
        var server = await SharedServers.MariaDbAsync();
        var database = await server.CreateDatabaseAsync();
        await using var connection = await server.OpenAsync(database);
        await ExecuteAsync(connection, $"create table t (c {declared} not null)");
        var types = new Proxy.Core.Catalogue.CatalogueTypes([new(0x4000_0000, declared, Proxy.Core.Catalogue.Facts.TypeKind.Base)]);
        var column = new Proxy.Core.Catalogue.CatalogueColumn(1, "c", 0x4000_0000, true, Proxy.Core.Catalogue.IdentifierClass.OtherUnique);
        var mask = MySqlColumnType.Mask(
            MaskKind.Redact, new MySqlResultColumn(database, "t", "c", MySqlFieldType.Geometry, 0x90, 63, uint.MaxValue, 0, IsBinary: false), column, types);
        var shape = new byte[MySqlValueMasker.BytesMax];
        Assert.That(MySqlValueMasker.TryMask(mask, [1], shape, out var written) && written == length, Is.True);
        await using var insert = new MySqlCommand($"insert into t values (x'{Convert.ToHexString(shape.AsSpan(0, written))}')", connection);
        await insert.ExecuteNonQueryAsync();
        await using var select = new MySqlCommand("select st_geometrytype(c) from t", connection);

        Assert.That(await select.ExecuteScalarAsync(), Is.EqualTo(declared.ToUpperInvariant()));
    }

    [TestCase("float", 31, 12u)]
    [TestCase("float(9,2)", 2, 9u)]
    [TestCase("float(7,4)", 4, 7u)]
    public async Task A_float_is_the_same_in_text_as_the_rounded_one_of_binary(string declared, byte decimals, uint length)
    {
        var server = await SharedServers.MariaDbAsync();
        var database = await server.CreateDatabaseAsync();
        await using var connection = await server.OpenAsync(database);
        await ExecuteAsync(connection, $"create table t (id int primary key, c {declared} not null)");
        var random = new Random(20260);
        var values = Enumerable.Range(0, 200).Select(i => (float)((random.NextDouble() - 0.5) * Math.Pow(10, decimals == 31 ? random.Next(-8, 9) : 3))).Append(1234565f % 1000).ToArray();
        await ExecuteAsync(connection, $"insert ignore into t values {string.Join(',', values.Select((value, i) => FormattableString.Invariant($"({i},{value:R})")))}");
        await using var select = new MySqlCommand("select id, concat(c), c + 0e0 from t order by id", connection);
        await using var reader = await select.ExecuteReaderAsync();
        var text = MySqlColumnType.Mask(MaskKind.Pseudonym, Column(isBinary: false), domain: Keys.Domain("test"));
        var binary = MySqlColumnType.Mask(MaskKind.Pseudonym, Column(isBinary: true), domain: Keys.Domain("test"));
        while (await reader.ReadAsync())
        {
            var written = reader.GetString(1);
            var exact = new byte[4];
            BinaryPrimitives.WriteSingleLittleEndian(exact, (float)reader.GetDouble(2));
            var shown = new byte[64];
            Assert.That(MySqlValueMasker.TryMask(binary, exact, shown, out _), Is.True);
            var ofBinary = BinaryPrimitives.ReadSingleLittleEndian(shown);
            Assert.That(float.Parse(Masked(text, written), System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(ofBinary), written);
        }

        MySqlResultColumn Column(bool isBinary) => new(database, "t", "c", MySqlFieldType.Float, 0, 63, length, decimals, isBinary);
    }

    private static string Masked(in MySqlColumnMask mask, string value)
    {
        var room = new byte[MySqlValueMasker.BytesMax];
        Assert.That(MySqlValueMasker.TryMask(mask, Encoding.UTF8.GetBytes(value), room, out var length), Is.True);
        return Encoding.UTF8.GetString(room.AsSpan(0, length));
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
