using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Proxy.Core;

/// <summary>What the processor brings from memory at once.</summary>
internal static unsafe class CacheLine
{
    /// <summary>Asks for memory that will be used soon. A hint: nothing waits for it, and an address at which there is nothing does no harm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(void* place)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(place);
    }

    /// <inheritdoc cref="Fetch(void*)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<T>(ref readonly T place) => Fetch(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
}
