using System.Buffers.Binary;
using System.Text;
using Proxy.Core.Masking;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Catalogue;

/// <summary>A column as a real server describes it, with its name.</summary>
internal sealed record DescribedColumn(string Name, ResultColumn Column)
{
    /// <summary>The columns of a statement's result, by Parse and Describe; it does not run. Empty when it has no result.</summary>
    public static async Task<IReadOnlyList<DescribedColumn>> OfAsync(WireClient client, string sql)
    {
        await client.SendAsync(PostgresRequests.Parse("", sql), new FrameBuilder('D').AddByte((byte)'S').AddText("").ToBytes(), new FrameBuilder('S').ToBytes());
        IReadOnlyList<DescribedColumn> columns = [];
        while (await client.ReceiveAsync() is { } frame)
        {
            if (frame.Type == WireFrame.ErrorResponse)
                throw new InvalidOperationException($"{frame.Field('M')} in {sql}");
            if (frame.Type == 'T')
                columns = Decode(frame.Body);
            if (frame.Type == WireFrame.ReadyForQuery)
                break;
        }
        return columns;
    }

    private static List<DescribedColumn> Decode(ReadOnlySpan<byte> body)
    {
        var columns = new List<DescribedColumn>();
        var rest = body[2..];
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)0);
            var name = Encoding.UTF8.GetString(rest[..end]);
            var fields = rest[(end + 1)..];
            columns.Add(new DescribedColumn(name, new ResultColumn(
                BinaryPrimitives.ReadUInt32BigEndian(fields), BinaryPrimitives.ReadInt16BigEndian(fields[4..]),
                BinaryPrimitives.ReadUInt32BigEndian(fields[6..]), BinaryPrimitives.ReadInt32BigEndian(fields[12..]), IsBinary: false)));
            rest = fields[18..];
        }
        return columns;
    }
}
