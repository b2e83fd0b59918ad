using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Proxy.Host.Transport.Tls;

/// <summary>
/// Where one connection of OpenSSL finds the records that were received and puts those that it makes: in memory that is given to it for the time of one call
/// (BIO_meth_new(3)). SslStream puts two memory BIOs there, which copy every byte once more on each side. Nothing of this waits: where there is nothing to
/// read, OpenSSL is told so.
/// </summary>
internal static unsafe class RecordBio
{
    // openssl/bio.h
    private const int TypeSourceSink = 0x0400;
    private const int ControlFlush = 11;
    private const int FlagsShouldRetryRead = 0x08 | 0x01;

    private static readonly nint Method = MakeMethod();

    /// <summary>Null where OpenSSL cannot be called.</summary>
    /// <param name="state">What the call that goes on has to work with; zero later, when nothing does.</param>
    public static nint Make(RecordState* state)
    {
        if (Method == 0)
            return 0;
        var bio = LibSsl.NewBio(Method);
        if (bio == 0)
            return 0;
        LibSsl.SetBioData(bio, (nint)state);
        LibSsl.SetBioReady(bio, 1);
        LibSsl.SetBioFlags(bio, FlagsShouldRetryRead); // For good: a read never fails for another reason than that there is nothing yet.
        return bio;
    }

    private static nint MakeMethod()
    {
        if (!LibSsl.IsUsable)
            return 0;
        nint method;
        fixed (byte* name = "phigate records\0"u8)
            method = LibSsl.NewBioMethod(LibSsl.NewBioIndex() | TypeSourceSink, name);
        var isWhole = method != 0
            && LibSsl.SetBioRead(method, (nint)(delegate* unmanaged[Cdecl]<nint, byte*, int, int>)&Read) == 1
            && LibSsl.SetBioWrite(method, (nint)(delegate* unmanaged[Cdecl]<nint, byte*, int, int>)&Write) == 1
            && LibSsl.SetBioControl(method, (nint)(delegate* unmanaged[Cdecl]<nint, int, nint, nint, nint>)&Control) == 1;
        return isWhole ? method : 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* destination, int length)
    {
        var state = (RecordState*)LibSsl.BioData(bio);
        if (state is null || state->InputBytes == 0)
            return -1;
        var count = Math.Min(length, state->InputBytes);
        Unsafe.CopyBlockUnaligned(destination, state->Input, (uint)count);
        state->Input += count;
        state->InputBytes -= count;
        return count;
    }

    /// <summary>All or nothing: part of a record is none.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* source, int length)
    {
        var state = (RecordState*)LibSsl.BioData(bio);
        if (state is null || length > state->OutputRoom)
            return -1;
        Unsafe.CopyBlockUnaligned(state->Output, source, (uint)length);
        state->Output += length;
        state->OutputRoom -= length;
        return length;
    }

    /// <summary>Flushing succeeds because nothing is held back; whatever else is asked is not the case: the end above all, which the reader of the socket sees.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, nint pointer) => command == ControlFlush ? 1 : 0;
}
