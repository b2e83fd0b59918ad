using System.Security.Cryptography;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Segments;
using Proxy.Core.Journal.Verification;

namespace Proxy.Tests.Core.Journal;

/// <summary>A journal with keys of its own, and an anchor beside it.</summary>
internal sealed class EvidenceDirectory : IDisposable
{
    private readonly DirectoryInfo _anchors = Directory.CreateTempSubdirectory("phigate-anchor-");

    public JournalDirectory Journal { get; } = new();

    public LocalKeyEncryptionKey SealingKey { get; } = new(RandomNumberGenerator.GetBytes(LocalKeyEncryptionKey.KeyBytes));

    public LocalHeadSigner Signer { get; } = new(LocalHeadSigner.Generate());

    public string AnchorPath => Path.Combine(_anchors.FullName, "heads");

    public JournalOptions Options(int? segmentBytes = null, Durability durability = Durability.Written) => Journal.Options(segmentBytes) with
    {
        Evidence = new JournalEvidence
        {
            SealingKey = SealingKey,
            Signer = Signer,
            Anchors = [new FileHeadAnchor(AnchorPath)],
            Durability = durability,
            HeadInterval = TimeSpan.FromMilliseconds(10),
            AnchorInterval = TimeSpan.FromMilliseconds(20),
        },
    };

    public Task<MappedJournal> OpenAsync(int? segmentBytes = null, Durability durability = Durability.Written) =>
        MappedJournal.OpenAsync(Options(segmentBytes, durability), TimeProvider.System, CancellationToken.None);

    public IReadOnlyList<SignedHead> Anchored() => File.Exists(AnchorPath) ? SignedHead.ParseAll(File.ReadAllBytes(AnchorPath), out _) : [];

    /// <summary>Numbers of the segments that are there.</summary>
    public List<long> Segments() => SegmentFileName.Numbers(Journal.Path);

    /// <summary>Enough for several segments.</summary>
    public static async Task FillAsync(MappedJournal journal)
    {
        for (var i = 0; i < 1_500; i++)
            await JournalDirectory.EventuallyAsync(() => JournalDirectory.TryAppend(journal, i % 400, out _));
    }

    /// <summary>Everything before the current segment says that it has ended, and is signed.</summary>
    public async Task HaveEndedAsync(MappedJournal journal)
    {
        var (last, heads) = (journal.Figures.Segment - 1, new HeadFile(Journal.Path));
        await JournalDirectory.EventuallyAsync(() => heads.ReadLast() is { } head && head.Head.Segment > last);
        await JournalDirectory.EventuallyAsync(() => EndedSegments.Of(Journal.Path, last - 1).Count > 0);
    }

    public VerificationReport Verify(string? directory = null) =>
        JournalVerifier.Run(directory ?? Journal.Path, [Signer.PublicKey], File.Exists(AnchorPath) ? [AnchorPath] : [], progress: null, CancellationToken.None);

    public void Dispose()
    {
        Journal.Dispose();
        SealingKey.Dispose();
        Signer.Dispose();
        _anchors.Delete(recursive: true);
    }
}
