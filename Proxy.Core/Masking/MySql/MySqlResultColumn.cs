namespace Proxy.Core.Masking.MySql;

/// <summary>A column of a result as the server's column definition describes it. Holds no alias: a client can name a column as it likes.</summary>
/// <param name="Schema">The database of the table it comes from; empty for computed columns.</param>
/// <param name="Table">org_table; a derived table's alias stands here, too [ran].</param>
/// <param name="Name">org_name.</param>
/// <param name="Type">The type code.</param>
/// <param name="Flags">As in the definition: 0x20 unsigned, 0x80 binary, 0x100 enum, 0x800 set.</param>
/// <param name="Collation">The character set's number; 63 is binary.</param>
/// <param name="Length">The longest value as the definition has it: in bytes, of a BIT in bits.</param>
/// <param name="Decimals">Digits behind the point, 31 and more for a floating point number without a fixed number of them.</param>
/// <param name="IsBinary">Whether the rows come in the binary protocol.</param>
public readonly record struct MySqlResultColumn(
    string Schema, string Table, string Name, MySqlFieldType Type, ushort Flags, ushort Collation, uint Length, byte Decimals, bool IsBinary)
{
    /// <summary>Whether the server names a table's column as where it comes from.</summary>
    public bool HasOrigin => Table.Length > 0 && Name.Length > 0;

    public bool IsUnsigned => (Flags & 0x20) != 0;

    /// <summary>Whether its values can be keys that have one form in text: whole numbers, decimals and texts.</summary>
    public bool CanBeKey => IsInteger || Type is MySqlFieldType.Decimal or MySqlFieldType.NewDecimal or MySqlFieldType.VarChar or MySqlFieldType.VarString or MySqlFieldType.String
        or MySqlFieldType.TinyBlob or MySqlFieldType.MediumBlob or MySqlFieldType.LongBlob or MySqlFieldType.Blob;

    public bool IsInteger => Type is MySqlFieldType.Tiny or MySqlFieldType.Short or MySqlFieldType.Int24 or MySqlFieldType.Long or MySqlFieldType.LongLong;

    public override string ToString() => $"{Type}";
}
