using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Proxy.Protocols.Secrets;

/// <summary>
/// A key that lives as long as the process, in memory of its own that no core dump has: memfd_secret(2) where the kernel offers it, which not even a debugger can
/// read; else a page that is locked and marked MADV_DONTDUMP. What is sealed with it can be in any dump and says nothing.
/// </summary>
internal static class ProcessKey
{
    public const int Length = 32;

    private const int PageBytes = 4096;
    private const long MemfdSecret = 447; // The same number on all architectures.
    private const int ReadWrite = 1 | 2;
    private const int Shared = 1;
    private const int PrivateAnonymous = 2 | 0x20;
    private const int DontDump = 16;

    private static readonly nint Place = Create();

    /// <summary>Copies the key; whoever has the copy clears it.</summary>
    public static void CopyTo(byte[] key) => Marshal.Copy(Place, key, 0, Length);

    private static nint Create()
    {
        var place = OperatingSystem.IsLinux() ? MapSecret() is var secret and > 0 ? secret : MapPrivate() : 0;
        if (place <= 0)
            place = Marshal.AllocHGlobal(PageBytes);
        var key = SecretBytes.New(Length);
        RandomNumberGenerator.Fill(key);
        Marshal.Copy(key, 0, place, Length);
        SecretBytes.Clear(key);
        return place;
    }

    private static nint MapSecret()
    {
        var file = (int)SystemCall(MemfdSecret, 0);
        if (file < 0)
            return 0;
        var place = SetLength(file, PageBytes) == 0 ? Map(0, PageBytes, ReadWrite, Shared, file, 0) : 0;
        _ = Close(file); // The mapping keeps it.
        return place;
    }

    private static nint MapPrivate()
    {
        var place = Map(0, PageBytes, ReadWrite, PrivateAnonymous, -1, 0);
        if (place <= 0)
            return 0;
        _ = Advise(place, PageBytes, DontDump);
        _ = Lock(place, PageBytes); // A page of the process's allowance of locked memory; without it, it may be swapped.
        return place;
    }

    [DllImport("libc", EntryPoint = "syscall", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern long SystemCall(long number, nint flags);

    [DllImport("libc", EntryPoint = "ftruncate", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLength(int file, nint length);

    [DllImport("libc", EntryPoint = "mmap", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "madvise", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(nint address, nint length, int advice);

    [DllImport("libc", EntryPoint = "mlock", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Lock(nint address, nint length);

    [DllImport("libc", EntryPoint = "close", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int file);
}
