using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Proxy.Core;

/// <summary>What the processor brings from memory at once.</summary>
public static class CacheLine
{
    public const int Bytes = 64;

    /// <summary>Asks for memory that will be used soon. A hint: nothing waits for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch<T>(ref readonly T place)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
    }
}
