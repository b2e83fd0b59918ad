using NUnit.Framework;

namespace Proxy.Tests.Support.SelfTests;

/// <summary>What every run of the program is looked through with does find something.</summary>
public sealed class SecretLeaksTests
{
    private const string Secret = "canary-of-a-run-7";

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void Begin() => _directory = new TemporaryDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    private Task ScanAsync(string output) => SecretLeaks.AssertNoneAsync(output, _directory.Path, new SecretSearch().Text("a secret", Secret));

    [TestCase("before " + Secret + " behind", true)]
    [TestCase(Secret, true)]
    [TestCase("before canary-of-a-run-8 behind", false)]
    [TestCase("", false)]
    public void What_was_printed_is_looked_through(string output, bool isFound) =>
        Assert.That(() => ScanAsync(output), isFound ? Throws.InvalidOperationException.With.Message.Contains("printed: a secret (UTF-8)") : Throws.Nothing);

    /// <summary>A segment is reserved in full and written from its beginning; what lies across two pieces that are read counts, too.</summary>
    [TestCase(0)]
    [TestCase(100)]
    [TestCase((4 << 20) - 5)]
    [TestCase((8 << 20) + 3)]
    public async Task So_is_every_file_of_the_journal(int at)
    {
        var file = new byte[9 << 20];
        System.Text.Encoding.Unicode.GetBytes(Secret).CopyTo(file, at);
        await File.WriteAllBytesAsync(_directory.Combine("000001.segment"), file);

        Assert.That(() => ScanAsync(""), Throws.InvalidOperationException.With.Message.Contains("000001.segment: a secret (UTF-16)"));
    }
}
