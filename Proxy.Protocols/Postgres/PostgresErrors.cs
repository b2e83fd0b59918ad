using System.Collections.Frozen;
using System.Text;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking.Errors;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>Rewrites the server's errors and notices as <see cref="ErrorScrubber"/> decides: values go, what a program needs stays.</summary>
internal static class PostgresErrors
{
    /// <summary>The classes of PostgreSQL's errcodes.txt.</summary>
    private static readonly FrozenSet<string> Classes = new[]
    {
        "00", "01", "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21", "22", "23", "24", "25", "26", "27", "28", "2B", "2D",
        "2F", "34", "38", "39", "3B", "3D", "3F", "40", "42", "44", "53", "54", "55", "57", "58", "72", "F0", "HV", "P0", "XX",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static ErrorSummary Summarise(ReadOnlySpan<byte> body)
    {
        var fields = new ErrorFields(body);
        return new ErrorSummary(
            Encoding.ASCII.GetString(fields[ErrorFields.SqlState]),
            HasPosition: !fields[ErrorFields.Position].IsEmpty,
            HasInternalQuery: !fields[(byte)'q'].IsEmpty || !fields[(byte)'p'].IsEmpty,
            HasContext: !fields[(byte)'W'].IsEmpty);
    }

    /// <summary>Whether the fields can be told apart at all.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> body)
    {
        var fields = new ErrorFields(body);
        var position = 0;
        while (fields.TryNext(ref position, out _, out _))
        {
        }

        return position >= 0;
    }

    /// <summary>The message without values. <paramref name="catalogue"/> says which object names are names; null when nothing is known.</summary>
    public static byte[] Scrub(byte type, ReadOnlySpan<byte> body, CatalogueSnapshot? catalogue)
    {
        var fields = new ErrorFields(body);
        var state = Encoding.ASCII.GetString(fields[ErrorFields.SqlState]);
        var schema = Known(catalogue, ErrorField.Schema, fields, null, null);
        var table = Known(catalogue, ErrorField.Table, fields, schema, null);
        var column = Known(catalogue, ErrorField.Column, fields, schema, table);
        var dataType = Known(catalogue, ErrorField.DataType, fields, schema, null);
        var constraint = Known(catalogue, ErrorField.Constraint, fields, schema, table);
        var writer = new MessageWriter().Begin(type)
            .Byte(ErrorFields.LocalizedSeverity).CString(Severity(fields[ErrorFields.LocalizedSeverity]))
            .Byte(ErrorFields.Severity).CString(Severity(fields[ErrorFields.Severity]))
            .Byte(ErrorFields.SqlState).CString(IsSqlState(state) ? state : "XX000")
            .Byte(ErrorFields.Message).CString(GenericMessages.For(state, schema, table, column, constraint));
        if (fields[ErrorFields.Position] is { IsEmpty: false } position && IsDigits(position))
            writer.Byte(ErrorFields.Position).CString(position);
        Write(writer, ErrorField.Schema, schema);
        Write(writer, ErrorField.Table, table);
        Write(writer, ErrorField.Column, column);
        Write(writer, ErrorField.DataType, dataType);
        Write(writer, ErrorField.Constraint, constraint);
        return writer.Byte(0).End().ToArray();
    }

    private static void Write(MessageWriter writer, ErrorField field, string? name)
    {
        if (name is not null) writer.Byte((byte)field).CString(name);
    }

    private static string? Known(CatalogueSnapshot? catalogue, ErrorField field, ErrorFields fields, string? schema, string? table)
    {
        var value = fields[(byte)field];
        if (value.IsEmpty || catalogue is null) return null;
        var name = Encoding.UTF8.GetString(value);
        return ErrorScrubber.IsKnownName(catalogue, field, name, schema, table) ? name : null;
    }

    private static ReadOnlySpan<byte> Severity(ReadOnlySpan<byte> severity)
    {
        ReadOnlySpan<string> known = ["ERROR", "FATAL", "PANIC", "WARNING", "NOTICE", "DEBUG", "INFO", "LOG"];
        foreach (var word in known)
            if (Ascii.Equals(severity, word))
                return severity;
        return "ERROR"u8; // A translated severity (lc_messages): V says the same in English.
    }

    private static bool IsDigits(ReadOnlySpan<byte> value) => !value.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>Whether it is of a class that PostgreSQL has: RAISE … USING ERRCODE can put any five characters of a value there.</summary>
    private static bool IsSqlState(string state) =>
        state.Length == 5 && state.All(char.IsAsciiLetterOrDigit) && Classes.GetAlternateLookup<ReadOnlySpan<char>>().Contains(state.AsSpan(0, 2));
}
