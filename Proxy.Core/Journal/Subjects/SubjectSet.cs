using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Proxy.Core.Journal.Subjects;

/// <summary>
/// Distinct codes up to a number, in the order in which they came. Keeps its memory for the next result while that is small, and borrows it where it is not: a session
/// that asks for thousands of rows again and again would else allocate some 130 KB for each answer, and count up from 16. Not thread-safe.
/// <para>
/// Where a code belongs is nowhere near the last one's place, so what an addition costs is the way to memory (measured: 60 % of it was this one load). So the table
/// has 32 bits for each place, and who adds several at a time has their places fetched first.
/// </para>
/// </summary>
internal sealed class SubjectSet(int max)
{
    private const int FirstCount = 16;
    private const int IdleCountMax = 1024;

    private ulong[] _codes = [];
    private uint[] _table = []; // 0: free; else the number of a code from 1, below bits of the code itself.
    private int _places; // Of the table, a power of two.
    private int _room; // For codes; half of the places.
    private int _lastCount;

    public int Count { get; private set; }

    /// <summary>There were more than are kept.</summary>
    public bool IsCapped { get; private set; }

    public ReadOnlySpan<ulong> Codes => _codes.AsSpan(0, Count);

    public void Add(ulong code)
    {
        if (_room == 0)
            Grow();
        ref var place = ref PlaceOf(code);
        if (place != 0 || IsCapped)
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
        _codes[Count++] = code;
        place = TagOf(code) | (uint)Count;
    }

    /// <summary>These will be added soon; changes nothing.</summary>
    /// <param name="codes">The first eight bytes of each.</param>
    public void Fetch(ReadOnlySpan<Vector128<byte>> codes)
    {
        if (_room == 0)
            return;
        var mask = (uint)_places - 1;
        foreach (ref readonly var code in codes)
            CacheLine.Fetch(in _table[code.AsUInt32()[0] & mask]);
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
    private ref uint PlaceOf(ulong code)
    {
        var mask = (uint)_places - 1;
        var at = (uint)code & mask;
        while (_table[at] is var entry and not 0 && ((entry ^ TagOf(code)) > mask || _codes[(entry & mask) - 1] != code))
            at = (at + 1) & mask;
        return ref _table[at];
    }

    /// <summary>Other bits than those that the place is found by, above those of a number, which is less than the number of places.</summary>
    private uint TagOf(ulong code) => (uint)(code >> 32) & ~((uint)_places - 1);

    /// <summary>The table has twice as many places as there can be codes. The next long answer is taken to be as long as the last.</summary>
    private void Grow()
    {
        var room = _room > 0 ? 2 * _room : _lastCount > IdleCountMax ? (int)BitOperations.RoundUpToPowerOf2((uint)_lastCount) : FirstCount;
        var isBorrowed = room > IdleCountMax;
        var codes = isBorrowed ? ArrayPool<ulong>.Shared.Rent(room) : new ulong[room];
        var table = isBorrowed ? ArrayPool<uint>.Shared.Rent(2 * room) : new uint[2 * room];
        Codes.CopyTo(codes);
        table.AsSpan(0, 2 * room).Clear();
        if (_room > IdleCountMax)
            Release();
        (_codes, _table, _room, _places) = (codes, table, room, 2 * room);
        for (var i = 0; i < Count; i++)
            PlaceOf(codes[i]) = TagOf(codes[i]) | (uint)(i + 1);
    }

    /// <summary>As they are: the journal's readable part has the same codes.</summary>
    private void Release()
    {
        ArrayPool<ulong>.Shared.Return(_codes);
        ArrayPool<uint>.Shared.Return(_table);
        (_codes, _table, _room, _places) = ([], [], 0, 0);
    }
}
