using System.Buffers;
using System.Numerics;

namespace Proxy.Core.Journal.Subjects;

/// <summary>
/// Distinct codes up to a number, in the order in which they came. Keeps its memory for the next result while that is small, and borrows it where it is not: a session
/// that asks for thousands of rows again and again would else allocate some 200 KB for each answer, and count up from 16. Not thread-safe.
/// </summary>
internal sealed class SubjectSet(int max)
{
    private const int FirstCount = 16;
    private const int IdleCountMax = 1024;

    private ulong[] _codes = [];
    private ulong[] _table = [];
    private int _places; // Of the table, a power of two.
    private int _room; // For codes; half of the places.
    private int _lastCount;

    public int Count { get; private set; }

    /// <summary>There were more than are kept.</summary>
    public bool IsCapped { get; private set; }

    public ReadOnlySpan<ulong> Codes => _codes.AsSpan(0, Count);

    public void Add(ulong code)
    {
        // Zero marks a free place; one code in 2^64 shares another's.
        code = Math.Max(code, 1);
        if (_room == 0)
            Grow();
        ref var place = ref PlaceOf(code);
        if (place == code || IsCapped)
            return;
        if (Count == max)
        {
            IsCapped = true;
            return;
        }
        if (Count == _room)
        {
            Grow();
            place = ref PlaceOf(code);
        }
        place = code;
        _codes[Count++] = code;
    }

    public void Clear()
    {
        _lastCount = Count;
        if (_room > IdleCountMax)
            Release();
        else if (Count > 0)
            _table.AsSpan(0, _places).Clear();
        Count = 0;
        IsCapped = false;
    }

    public override string ToString() => $"{Count} codes";

    /// <summary>Where the code is, or the free place where it belongs. Codes are pseudo-random: their low bits are as good as any hash.</summary>
    private ref ulong PlaceOf(ulong code)
    {
        var mask = (uint)_places - 1;
        var at = (uint)code & mask;
        while (_table[at] != 0 && _table[at] != code)
            at = (at + 1) & mask;
        return ref _table[at];
    }

    /// <summary>The table has twice as many places as there can be codes. The next long answer is taken to be as long as the last.</summary>
    private void Grow()
    {
        var room = _room > 0 ? 2 * _room : _lastCount > IdleCountMax ? (int)BitOperations.RoundUpToPowerOf2((uint)_lastCount) : FirstCount;
        var isBorrowed = room > IdleCountMax;
        var codes = isBorrowed ? ArrayPool<ulong>.Shared.Rent(room) : new ulong[room];
        var table = isBorrowed ? ArrayPool<ulong>.Shared.Rent(2 * room) : new ulong[2 * room];
        Codes.CopyTo(codes);
        table.AsSpan(0, 2 * room).Clear();
        if (_room > IdleCountMax)
            Release();
        (_codes, _table, _room, _places) = (codes, table, room, 2 * room);
        foreach (var code in Codes)
            PlaceOf(code) = code;
    }

    /// <summary>As they are: the journal's readable part has the same codes.</summary>
    private void Release()
    {
        ArrayPool<ulong>.Shared.Return(_codes);
        ArrayPool<ulong>.Shared.Return(_table);
        (_codes, _table, _room, _places) = ([], [], 0, 0);
    }
}
