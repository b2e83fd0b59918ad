using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.ServerCredentials;
using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.ServerCredentials;

/// <summary>A password in a file is read for each login.</summary>
public sealed class StoredCredentialsTests
{
    private TemporaryDirectory _directory = null!;
    private string _file = "";
    private StoredCredentials _credentials = null!;

    [SetUp]
    public void Begin()
    {
        _directory = new TemporaryDirectory();
        _file = _directory.Combine("password");
        _credentials = new StoredCredentials(new CredentialOptions { File = _file }, "phigate", NullLogger.Instance);
    }

    [TearDown]
    public void End() => _directory.Dispose();

    [TestCase("pass word\r\n")]
    [TestCase("pass word\n\n")]
    [TestCase("\ufeffpass word")]
    public async Task What_editors_leave_around_it_is_not_part_of_it(string content)
    {
        await File.WriteAllTextAsync(_file, content);
        using var credential = await _credentials.GetAsync(CancellationToken.None);
        Assert.That((credential.User, Encoding.UTF8.GetString(credential.Password)), Is.EqualTo(("phigate", "pass word")));
    }

    [Test]
    public async Task A_rejected_one_is_read_again_and_tried_again_only_when_it_has_changed()
    {
        await File.WriteAllTextAsync(_file, "old");
        using var rejected = await _credentials.GetAsync(CancellationToken.None);
        Assert.That(await _credentials.RenewAsync(rejected, CancellationToken.None), Is.Null);
        await File.WriteAllTextAsync(_file, "new");
        using var newer = await _credentials.RenewAsync(rejected, CancellationToken.None);
        Assert.That(Encoding.UTF8.GetString(newer!.Password), Is.EqualTo("new"));
    }

    [Test]
    public async Task A_file_that_is_empty_or_missing_is_named_and_its_content_is_not()
    {
        Assert.That(async () => await _credentials.GetAsync(CancellationToken.None), Throws.InstanceOf<ServerCredentialException>().With.Message.EqualTo($"file {_file}: it is not there"));
        await File.WriteAllTextAsync(_file, "\n");
        Assert.That(async () => await _credentials.GetAsync(CancellationToken.None), Throws.InstanceOf<ServerCredentialException>().With.Message.Contains("is empty"));
    }
}
