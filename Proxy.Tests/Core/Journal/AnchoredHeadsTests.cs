using NUnit.Framework;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Verification;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Journal;

/// <summary>Heads that anchors kept come one after the other in the order of their sizes, however they are spread over files.</summary>
public sealed class AnchoredHeadsTests
{
    private const int Count = 300;

    private static readonly SignedHead[] Heads = [.. Enumerable.Range(0, Count).Select(static size => HeadOf(size))];

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = new TemporaryDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public void Several_files_are_merged()
    {
        string[] files = [File("a", Heads.Where(static head => head.Head.Size % 2 == 0)), File("empty", []), File("b", Heads.Where(static head => head.Head.Size % 2 == 1))];
        Assert.That(SizesOf(files), Is.EqualTo(Enumerable.Range(0, Count)));
    }

    [Test]
    public void A_file_of_a_journal_that_went_on_from_an_older_copy_of_itself_is_in_order_too() =>
        Assert.That(
            SizesOf(File("a", Heads[..200].Concat(Heads[150..250]).Concat(Heads[100..]))),
            Is.EqualTo(Heads[..200].Concat(Heads[150..250]).Concat(Heads[100..]).Select(static head => (int)head.Head.Size).Order()));

    [Test]
    public void Files_of_one_head_each_are_one_run_in_the_order_of_their_names() =>
        Assert.That(SizesOf([.. Heads.Select(head => File($"{head.Head.Size:D20}.head", [head]))]), Is.EqualTo(Enumerable.Range(0, Count)));

    [Test]
    public void Heads_in_no_order_at_all_are_not_taken() =>
        Assert.That(() => SizesOf(File("a", Enumerable.Reverse(Heads))), Throws.InstanceOf<IOException>().With.Message.Contains("not in the order of their sizes"));

    [Test]
    public void What_is_no_head_is_not_passed_over()
    {
        var file = File("a", Heads);
        System.IO.File.AppendAllText(file, "phigate/journal/half a head");
        Assert.That(() => SizesOf(file), Throws.InstanceOf<IOException>().With.Message.Contains("27 bytes at its end are none"));
    }

    [Test]
    public void What_is_appended_while_they_are_read_is_left_to_the_next_who_reads()
    {
        string first = File("a", Heads[..10]), second = File("b", Heads[10..20]);
        using var heads = new AnchoredHeads([first, second]);
        System.IO.File.AppendAllText(second, string.Concat(Heads[20..].Select(static head => head.ToString())));
        Assert.That(SizesOf(heads), Is.EqualTo(Enumerable.Range(0, 20)));
    }

    private static List<int> SizesOf(params string[] files)
    {
        using var heads = new AnchoredHeads(files);
        return SizesOf(heads);
    }

    private static List<int> SizesOf(AnchoredHeads heads)
    {
        var sizes = new List<int>();
        for (; heads.Peek() is { } head; heads.Skip())
            sizes.Add((int)head.Head.Size);
        return sizes;
    }

    private string File(string name, IEnumerable<SignedHead> heads)
    {
        var path = _directory.Combine(name);
        System.IO.File.WriteAllText(path, string.Concat(heads.Select(static head => head.ToString())));
        return path;
    }

    private static SignedHead HeadOf(int size)
    {
        var hash = new byte[32];
        var head = new JournalHead
        {
            JournalId = Guid.Empty,
            Size = size,
            Root = hash,
            Chain = hash,
            LastRecord = size,
            Segment = 1,
            Offset = 4096,
            Previous = hash,
            Time = DateTimeOffset.UnixEpoch,
        };
        return new SignedHead(head, new string('0', 32), new byte[64]);
    }
}
