using System.Collections.Immutable;
using System.Text;

namespace Proxy.Core.Sql.MySql.Parsing;

/// <summary>
/// Names that texts have in common, each one string, and each column's path one array: a reader makes no other of one that it met lately. Short names
/// only, so many and no more; no values. Used by one text at a time.
/// </summary>
internal sealed class NameStrings
{
    private const int Places = 512;
    private const int BytesMax = 40;

    private readonly string?[] _names = new string?[Places];
    private readonly ImmutableArray<string>[] _paths = new ImmutableArray<string>[Places];

    /// <param name="name">In UTF-8.</param>
    public string Of(ReadOnlySpan<byte> name)
    {
        if (name.Length > BytesMax) return Encoding.UTF8.GetString(name);
        uint hash = 0;
        foreach (byte b in name) hash = (hash * 31) + b;
        ref string? kept = ref _names[(hash ^ (hash >> 9)) & (Places - 1)];
        // Bytes beyond ASCII equal no character here, and make a new string each time.
        if (kept is not null && Ascii.Equals(name, kept)) return kept;
        return kept = Encoding.UTF8.GetString(name);
    }

    public ImmutableArray<string> Path(string column)
    {
        ref ImmutableArray<string> kept = ref _paths[Place("", column)];
        return kept is { IsDefault: false, Length: 1 } && kept[0] == column ? kept : Kept(ref kept, [column]);
    }

    public ImmutableArray<string> Path(string relation, string column)
    {
        ref ImmutableArray<string> kept = ref _paths[Place(relation, column)];
        return kept is { IsDefault: false, Length: 2 } && kept[1] == column && kept[0] == relation ? kept : Kept(ref kept, [relation, column]);
    }

    /// <summary>A name in quotes may be anything, also empty or long: such a path is not kept.</summary>
    private static ImmutableArray<string> Kept(ref ImmutableArray<string> place, ImmutableArray<string> path)
    {
        foreach (string name in path)
        {
            if (name.Length is 0 or > BytesMax) return path;
        }

        return place = path;
    }

    private static int Place(string relation, string column)
    {
        uint hash = (uint)((relation.Length * 31) + column.Length);
        foreach (char c in relation) hash = (hash * 31) + c;
        foreach (char c in column) hash = (hash * 31) + c;
        return (int)((hash ^ (hash >> 9)) & (Places - 1));
    }
}
