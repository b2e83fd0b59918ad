using Proxy.Core.Masking.MySql;

namespace Proxy.Protocols.MySql.Messages;

/// <summary>COM_STMT_EXECUTE (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_execute.html), without query attributes.</summary>
internal readonly ref struct StatementExecute
{
    /// <summary>CURSOR_TYPE_READ_ONLY; the others are not supported by any server.</summary>
    public const byte ReadOnlyCursor = 1;

    private const int TypeBytes = 2;

    public uint Id { get; private init; }
    public byte Flags { get; private init; }
    public ReadOnlySpan<byte> Nulls { get; private init; }

    /// <summary>Two bytes for each parameter; empty where those of the last execution hold.</summary>
    public ReadOnlySpan<byte> Types { get; private init; }
    public ReadOnlySpan<byte> Values { get; private init; }

    /// <summary>Where the values begin in the body: what is before them is the same whatever they are.</summary>
    public int ValuesOffset { get; private init; }

    /// <param name="body">Behind the command byte.</param>
    /// <param name="parameters">As many as the statement has.</param>
    /// <param name="execute">Whose values have not been looked at.</param>
    public static bool TryDecode(ReadOnlySpan<byte> body, int parameters, out StatementExecute execute)
    {
        var reader = new PayloadReader(body);
        var id = reader.UInt32();
        var flags = reader.Byte();
        var iterations = reader.UInt32();
        ReadOnlySpan<byte> nulls = default;
        ReadOnlySpan<byte> types = default;
        byte hasTypes = 0;
        if (parameters > 0)
        {
            nulls = reader.Bytes((parameters + 7) / 8);
            hasTypes = reader.Byte();
            if (hasTypes == 1) types = reader.Bytes(parameters * TypeBytes);
        }

        execute = new StatementExecute
        {
            Id = id,
            Flags = flags,
            Nulls = nulls,
            Types = types,
            Values = reader.Rest,
            ValuesOffset = reader.Position,
        };
        // The server takes every flag but 0 for types that follow: what was recorded and judged would be other values than it gets.
        return !reader.Failed && hasTypes <= 1 && iterations == 1 && flags is 0 or ReadOnlyCursor && (parameters > 0 || reader.IsAtEnd);
    }

    public bool IsNull(int parameter) => (Nulls[parameter >> 3] & (1 << (parameter & 7))) != 0;

    public static MySqlFieldType TypeOf(ReadOnlySpan<byte> types, int parameter) => (MySqlFieldType)types[parameter * TypeBytes];
}
