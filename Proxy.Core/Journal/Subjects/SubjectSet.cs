namespace Proxy.Core.Journal.Subjects;

/// <summary>
/// Distinct codes up to a number, in the order in which they came. Keeps its memory for the next result while that is small. Not thread-safe.
/// </summary>
internal sealed class SubjectSet(int max)
{
    private const int FirstCount = 16;
    private const int IdleCountMax = 1024;

    private ulong[] _codes = [];
    private ulong[] _table = [];

    public int Count { get; private set; }

    /// <summary>There were more than are kept.</summary>
    public bool IsCapped { get; private set; }

    public ReadOnlySpan<ulong> Codes => _codes.AsSpan(0, Count);

    public void Add(ulong code)
    {
        // Zero marks a free place; one code in 2^64 shares another's.
        code = Math.Max(code, 1);
        if (_table.Length == 0)
            Grow();
        ref var place = ref PlaceOf(code);
        if (place == code || IsCapped)
            return;
        if (Count == max)
        {
            IsCapped = true;
            return;
        }
        if (Count == _codes.Length)
        {
            Grow();
            place = ref PlaceOf(code);
        }
        place = code;
        _codes[Count++] = code;
    }

    public void Clear()
    {
        if (_codes.Length > IdleCountMax)
            (_codes, _table) = ([], []);
        else if (Count > 0)
            Array.Clear(_table);
        Count = 0;
        IsCapped = false;
    }

    public override string ToString() => $"{Count} codes";

    /// <summary>Where the code is, or the free place where it belongs. Codes are pseudo-random: their low bits are as good as any hash.</summary>
    private ref ulong PlaceOf(ulong code)
    {
        var mask = (uint)_table.Length - 1;
        var at = (uint)code & mask;
        while (_table[at] != 0 && _table[at] != code)
            at = (at + 1) & mask;
        return ref _table[at];
    }

    /// <summary>The table has twice as many places as there can be codes, a power of two.</summary>
    private void Grow()
    {
        var count = _codes.Length == 0 ? FirstCount : 2 * _codes.Length;
        Array.Resize(ref _codes, count);
        _table = new ulong[2 * count];
        foreach (var code in Codes)
            PlaceOf(code) = code;
    }
}
