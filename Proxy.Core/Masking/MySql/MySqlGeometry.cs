using Proxy.Core.Catalogue;

namespace Proxy.Core.Masking.MySql;

/// <summary>
/// The shape that stands for every value of a geometric column: the server's form is four bytes of SRID (0) and the well-known binary of OGC, here in
/// little-endian order. A column of one kind of shape gets that kind.
/// </summary>
internal static class MySqlGeometry
{
    private const int PointKind = 1;
    private const int LineKind = 2;
    private const int PolygonKind = 3;

    private static readonly byte[] Point = Shape(PointKind, static writer => Write(writer, (0, 0)));

    public static byte[] Constant(CatalogueColumn? declared, CatalogueTypes types) =>
        (declared is null ? null : types.Find(declared.TypeOid)?.Name) switch
        {
            "linestring" => Shape(LineKind, Line),
            "polygon" => Shape(PolygonKind, Triangle),
            "multipoint" => Shape(4, static writer => One(writer, PointKind, static inner => Write(inner, (0, 0)))),
            "multilinestring" => Shape(5, static writer => One(writer, LineKind, Line)),
            "multipolygon" => Shape(6, static writer => One(writer, PolygonKind, Triangle)),
            "geometrycollection" => Shape(7, static writer => writer.Write(0)),
            _ => Point,
        };

    private static byte[] Shape(int kind, Action<BinaryWriter> body)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(0); // SRID
        Begin(writer, kind);
        body(writer);
        return bytes.ToArray();
    }

    private static void Begin(BinaryWriter writer, int kind)
    {
        writer.Write((byte)1); // little-endian
        writer.Write(kind);
    }

    private static void One(BinaryWriter writer, int kind, Action<BinaryWriter> body)
    {
        writer.Write(1);
        Begin(writer, kind);
        body(writer);
    }

    private static void Line(BinaryWriter writer)
    {
        writer.Write(2);
        Write(writer, (0, 0), (0, 1));
    }

    private static void Triangle(BinaryWriter writer)
    {
        writer.Write(1);
        writer.Write(4);
        Write(writer, (0, 0), (0, 1), (1, 1), (0, 0));
    }

    private static void Write(BinaryWriter writer, params ReadOnlySpan<(double X, double Y)> points)
    {
        foreach (var (x, y) in points)
        {
            writer.Write(x);
            writer.Write(y);
        }
    }
}
