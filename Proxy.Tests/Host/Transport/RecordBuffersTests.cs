using NUnit.Framework;
using Proxy.Host.Transport.Tls;

namespace Proxy.Tests.Host.Transport;

[CancelAfter(30_000)]
public sealed class RecordBuffersTests
{
    private TestCertificates _certificates = null!;

    [SetUp]
    public void Issue() => _certificates = new TestCertificates();

    [TearDown]
    public void Remove() => _certificates.Dispose();

    [Test]
    public async Task This_runtime_and_its_library_let_the_mode_be_set()
    {
        await using var pair = await ConnectionPair.TlsAsync(_certificates);

        Assert.That(RecordBuffers.TryRelease(pair.Server.Tls!, release: true), Is.True);
        Assert.That(RecordBuffers.TryRelease(pair.Client.Tls!, release: false), Is.True);
    }

    [Test]
    public async Task Bytes_arrive_whole_while_buffers_come_and_go()
    {
        await using var pair = await ConnectionPair.TlsAsync(_certificates);
        var sent = Enumerable.Range(0, 40_000).Select(index => (byte)(index % 251)).ToArray();
        for (var round = 0; round < 6; round++)
        {
            RecordBuffers.TryRelease(pair.Server.Tls!, release: round % 2 == 0);
            RecordBuffers.TryRelease(pair.Client.Tls!, release: round % 3 == 0);
            var sending = pair.Client.Output.WriteAsync(sent);
            Assert.That(await pair.Server.ReadExactlyAsync(sent.Length), Is.EqualTo(sent));
            await sending;
        }
    }

    [Test]
    public async Task A_connection_that_is_over_is_left_alone()
    {
        var pair = await ConnectionPair.TlsAsync(_certificates);
        var tls = pair.Server.Tls!;
        await pair.DisposeAsync();

        Assert.That(RecordBuffers.TryRelease(tls, release: true), Is.False);
    }
}
