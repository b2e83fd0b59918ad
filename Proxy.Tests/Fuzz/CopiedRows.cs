using System.Text;
using Proxy.Core.Catalogue;
using Proxy.Core.Sql;
using Proxy.Tests.Support;

namespace Proxy.Tests.Fuzz;

/// <summary>What a server answers a COPY … TO STDOUT with: a row with the same words in every column.</summary>
internal static class CopiedRows
{
    private static readonly byte[] BinaryHeader =
        [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static IEnumerable<byte[]> Of(StatementReading reading, CatalogueSnapshot catalogue, string words)
    {
        var count = ColumnsOf(reading.Copy, catalogue);
        var options = reading.Copy?.Options;
        var isBinary = options?.Format is CopyFormat.Binary;
        yield return PostgresReplies.CopyOutResponse(count, isBinary ? 1 : 0);
        if (isBinary)
        {
            yield return PostgresReplies.CopyData([.. BinaryHeader, .. Tuple(count, words)]);
            yield return PostgresReplies.CopyData([0xFF, 0xFF]);
        }
        else
        {
            if (options is { HasHeader: true })
                yield return PostgresReplies.CopyData(Line(count, options, "c"));
            yield return PostgresReplies.CopyData(Line(count, options, words));
        }
        yield return PostgresReplies.CopyDone();
    }

    private static int ColumnsOf(CopyReading? copy, CatalogueSnapshot catalogue)
    {
        if (copy is not { Relation: { } name })
            return 1;
        if (!copy.Columns.IsEmpty)
            return copy.Columns.Length;
        return catalogue.Candidates(name) is [var table, ..] ? table.Columns.Length : 1;
    }

    private static byte[] Line(int count, CopyOptions? options, string words) =>
        Encoding.ASCII.GetBytes(string.Join((char)(options?.Delimiter ?? (byte)'\t'), Enumerable.Repeat(words, count)) + "\n");

    private static byte[] Tuple(int count, string words)
    {
        var tuple = new List<byte> { (byte)(count >> 8), (byte)count };
        for (var i = 0; i < count; i++)
            tuple.AddRange([0, 0, 0, (byte)words.Length, .. Encoding.ASCII.GetBytes(words)]);
        return [.. tuple];
    }
}
