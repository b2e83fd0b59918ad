namespace Proxy.Core.Masking.Postgres;

/// <summary>
/// The three-digit ZIP areas of 20,000 people or fewer. The seventeen of the Census of 2000 that the guidance of HHS names, and those that the
/// Census of 2010 added: the guidance asks for current data, and an area that has grown since loses nothing but two digits.
/// </summary>
internal static class SmallZipAreas
{
    private static ReadOnlySpan<byte> Census2000 => "036059063102203556692790821823830831878879884890893"u8;

    private static ReadOnlySpan<byte> Census2010 => "205369753772"u8;

    public static bool Contains(ReadOnlySpan<byte> prefix) => Contains(Census2000, prefix) || Contains(Census2010, prefix);

    private static bool Contains(ReadOnlySpan<byte> areas, ReadOnlySpan<byte> prefix)
    {
        for (; !areas.IsEmpty; areas = areas[3..])
            if (areas[..3].SequenceEqual(prefix))
                return true;
        return false;
    }
}
