using System.Diagnostics.CodeAnalysis;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Compares names of statements and portals as the server does: by bytes, cut at NAMEDATALEN - 1 (its hash tables are keyed by
/// fixed-size strings, so two longer names that begin alike are one name).
/// </summary>
internal sealed class ObjectName : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    /// <summary>NAMEDATALEN - 1 of pg_config_manual.h.</summary>
    public const int BytesMax = 63;

    public static readonly ObjectName Comparer = new();

    public static readonly byte[] Unnamed = [];

    public static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> name) => name.Length <= BytesMax ? name : name[..BytesMax];

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => Cut(alternate).SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = new HashCode();
        hash.AddBytes(Cut(alternate));
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.IsEmpty ? Unnamed : Cut(alternate).ToArray();
}
