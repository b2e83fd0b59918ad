using System.Security.Cryptography;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Sealing;
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

    public VerificationReport Verify(string? directory = null) =>
        JournalVerifier.Run(directory ?? Journal.Path, [Signer.PublicKey], Anchored(), progress: null, CancellationToken.None);

    public void Dispose()
    {
        Journal.Dispose();
        SealingKey.Dispose();
        Signer.Dispose();
        _anchors.Delete(recursive: true);
    }
}
