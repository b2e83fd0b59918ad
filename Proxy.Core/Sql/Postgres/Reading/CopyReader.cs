using System.Collections.Immutable;
using System.Text;
using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>
/// Reads COPY … TO STDOUT. The older way to write options ends in the same tree. An option that is unknown, comes twice or has a value that the
/// server would not take leaves the options unread.
/// </summary>
internal static class CopyReader
{
    public static CopyReading Read(TreeText text, int statement)
    {
        QualifiedName? relation = null;
        int table = text.Tree.Child(statement, TreeField.Relation);
        if (table >= 0 && text.NameOf(table, TreeField.Relname) is { } name)
            relation = new QualifiedName(text.NameOf(table, TreeField.Schemaname), name);

        ImmutableArray<string>.Builder columns = ImmutableArray.CreateBuilder<string>();
        var options = new Dictionary<string, int>(StringComparer.Ordinal);
        bool isRead = true;
        int end = text.Tree[statement].End;
        for (int child = statement + 1; child < end; child = text.Tree[child].End)
        {
            if (text.Tree[child].Field == TreeField.Attlist) columns.Add(text.StringValue(child));
            if (text.Tree[child].Field != TreeField.Options) continue;
            isRead &= text.NameOf(child, TreeField.Defname) is { } option && options.TryAdd(option, text.Tree.Child(child, TreeField.Arg));
        }

        return new CopyReading(relation, columns.ToImmutable(), isRead ? Options(text, options) : null);
    }

    private static CopyOptions? Options(TreeText text, Dictionary<string, int> given)
    {
        if (Format(text, given) is not { } format) return null;
        bool isCsv = format == CopyFormat.Csv;
        var options = new CopyOptions
        {
            Format = format,
            Delimiter = isCsv ? (byte)',' : (byte)'\t',
            Null = isCsv ? ReadOnlyMemory<byte>.Empty : "\\N"u8.ToArray(),
        };
        if (given.TryGetValue("quote", out int quote))
        {
            if (!isCsv || Byte(text, quote) is not { } value) return null;
            options = options with { Quote = value, Escape = value };
        }

        foreach ((string name, int argument) in given)
        {
            CopyOptions? next = name switch
            {
                "format" or "quote" => options,
                "delimiter" when format != CopyFormat.Binary => Byte(text, argument) is { } value ? options with { Delimiter = value } : null,
                "escape" when isCsv => Byte(text, argument) is { } value ? options with { Escape = value } : null,
                "null" when format != CopyFormat.Binary => Value(text, argument) is { } value ? options with { Null = Encoding.UTF8.GetBytes(value) } : null,
                "header" when format != CopyFormat.Binary => Boolean(text, argument) is { } value ? options with { HasHeader = value } : null,
                "force_quote" when isCsv => options with { ForcesQuotes = true },
                "encoding" => Value(text, argument)?.ToUpperInvariant() is "UTF8" or "UTF-8" or "UNICODE" ? options : null,
                _ => null,
            };
            if (next is null) return null;
            options = next;
        }

        return options;
    }

    private static CopyFormat? Format(TreeText text, Dictionary<string, int> given)
    {
        if (!given.TryGetValue("format", out int argument)) return CopyFormat.Text;
        return Value(text, argument) switch
        {
            "text" => CopyFormat.Text,
            "csv" => CopyFormat.Csv,
            "binary" => CopyFormat.Binary,
            _ => null,
        };
    }

    private static string? Value(TreeText text, int argument) =>
        argument >= 0 && text.Tree[argument].Type == TreeNodeType.String ? text.StringValue(argument) : null;

    private static byte? Byte(TreeText text, int argument) => Value(text, argument) is [var value] && value is > '\0' and <= '\x7F' ? (byte)value : null;

    /// <summary>As defGetCopyHeaderChoice has it, without MATCH, which is for COPY FROM.</summary>
    private static bool? Boolean(TreeText text, int argument)
    {
        if (argument < 0) return true;
        if (text.Tree[argument].Type == TreeNodeType.Boolean) return text.Tree.Has(argument, TreeField.Boolval);
        return Value(text, argument)?.ToUpperInvariant() switch
        {
            "TRUE" or "ON" => true,
            "FALSE" or "OFF" => false,
            _ => null,
        };
    }
}
