using NUnit.Framework;
using Proxy.Core.Journal.Sealing;
using Proxy.Core.Journal.Subjects;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Journal;

public sealed class SubjectKeyFileTests
{
    private static readonly Guid Journal = new("0195d2a8-1111-7000-8000-000000000001");

    private readonly TemporaryDirectory _directory = new();
    private readonly LocalKeyEncryptionKey _key = new(new byte[32]);

    [OneTimeTearDown]
    public void Dispose()
    {
        _key.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task An_individual_keeps_its_code_when_the_journal_is_opened_again()
    {
        using var first = await SubjectKeyFile.OpenOrCreateAsync(_directory.Path, Journal, _key, CancellationToken.None);
        using var second = await SubjectKeyFile.OpenOrCreateAsync(_directory.Path, Journal, _key, CancellationToken.None);
        Assert.That(second.CodeOf("patient", "4711"), Is.EqualTo(first.CodeOf("patient", "4711")));
    }

    [Test]
    public async Task Kinds_with_equal_keys_have_different_codes()
    {
        using var coder = await SubjectKeyFile.OpenOrCreateAsync(_directory.Path, Journal, _key, CancellationToken.None);
        Assert.That(coder.CodeOf("patient", "4711"), Is.Not.EqualTo(coder.CodeOf("employee", "4711")));
    }

    [Test]
    public async Task The_key_of_another_journal_is_refused()
    {
        (await SubjectKeyFile.OpenOrCreateAsync(_directory.Path, Journal, _key, CancellationToken.None)).Dispose();
        Assert.That(
            () => SubjectKeyFile.OpenAsync(_directory.Path, Guid.NewGuid(), _key, CancellationToken.None), Throws.TypeOf<JournalKeyException>());
    }

    [Test]
    public async Task A_damaged_file_is_never_replaced()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "journal.subjects"), "local:0011223344556677\n!");
        Assert.That(
            () => SubjectKeyFile.OpenOrCreateAsync(directory.Path, Journal, _key, CancellationToken.None), Throws.TypeOf<JournalKeyException>());
    }
}
