using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using NUnit.Framework;
using Proxy.Core.Journal.Segments;

namespace Proxy.Tests.Core.Journal;

/// <summary>A store into a mapping of a file without blocks is SIGBUS when the disk is full: every block has to be there before.</summary>
public sealed class PreallocatingAllocatorTests
{
    private const int Bytes = 3 << 20;

    [Test]
    public void The_file_has_its_length_and_its_blocks_and_holds_zeros()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite))
                new PreallocatingAllocator().Allocate(file, Bytes);
            Assert.Multiple(() =>
            {
                Assert.That(File.ReadAllBytes(path).AsSpan().ContainsAnyExcept((byte)0), Is.False);
                Assert.That(new FileInfo(path).Length, Is.EqualTo(Bytes));
                Assert.That(BlockBytes(path), Is.GreaterThanOrEqualTo(Bytes));
            });
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void What_cannot_have_blocks_is_refused()
    {
        using SafeFileHandle device = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        Assert.That(() => new PreallocatingAllocator().Allocate(device, Bytes), Throws.InstanceOf<IOException>());
    }

    private static long BlockBytes(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["--format=%b", path]) { RedirectStandardOutput = true })!;
        return 512 * long.Parse(stat.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
    }
}
