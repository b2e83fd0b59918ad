using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Host.ControlPlane;
using Proxy.Host.DataPlane;
using Proxy.Host.Metrics;

namespace Proxy.Tests.Host.DataPlane;

[CancelAfter(30_000)]
public sealed class ControlSocketTests : IDataPlaneStatus, IControlCalls
{
    private string _directory = null!;
    private Meter _meter = null!;
    private PrometheusExporter _metrics = null!;
    private DrainSignal _drain = null!;
    private FakeTimeProvider _time = null!;
    private ControlSocketServer _server = null!;
    private ControlSocketClient _client = null!;

    public DataPlaneReadiness Readiness { get; private set; } = DataPlaneReadiness.Ready;

    public Task<bool> CallAsync(string name, ReadOnlyMemory<byte> body, IBufferWriter<byte> answer, CancellationToken cancellationToken)
    {
        answer.Write(body.Span);
        return Task.FromResult(name == "echo");
    }

    [SetUp]
    public void Open()
    {
        _directory = Directory.CreateTempSubdirectory("phigate-").FullName;
        _meter = new Meter($"test-{Guid.NewGuid()}");
        _metrics = new PrometheusExporter(_meter.Name);
        _time = new FakeTimeProvider();
        _drain = new DrainSignal(_time);
        var path = Path.Combine(_directory, "s");
        _server = new ControlSocketServer(path, this, this, _metrics, _drain, TimeSpan.FromSeconds(30), NullLogger.Instance);
        _client = new ControlSocketClient(path);
    }

    [TearDown]
    public async Task Close()
    {
        await _server.DisposeAsync();
        _drain.Dispose();
        _metrics.Dispose();
        _meter.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task Status_says_why_it_is_not_ready()
    {
        Readiness = DataPlaneReadiness.NotReady("the catalogue is not loaded");
        Assert.That(await _client.AskAsync("status", default), Is.EqualTo("{\"IsReady\":false,\"Reasons\":[\"the catalogue is not loaded\"]}"));
    }

    [Test]
    public async Task A_drain_begins_once_and_ends_by_its_deadline()
    {
        await _client.AskAsync("drain 20", default);
        await FiredAsync(_drain.Draining);
        Assert.That(await _client.AskAsync("status", default), Does.Contain("draining"));
        await _client.AskAsync("drain 86400", default);
        Assert.That(_drain.Deadline.IsCancellationRequested, Is.False);
        _time.Advance(TimeSpan.FromSeconds(20));
        await FiredAsync(_drain.Deadline);
    }

    [Test]
    public async Task Stop_ends_all_patience()
    {
        await _client.AskAsync("stop", default);
        await FiredAsync(_drain.Draining);
        await FiredAsync(_drain.Deadline);
    }

    [Test]
    public async Task A_control_plane_that_dies_lets_the_data_plane_drain()
    {
        var attached = await _client.AttachAsync(default);
        Assert.That(_drain.IsDraining, Is.False);
        attached.Dispose();
        await FiredAsync(_drain.Draining);
    }

    [TestCase("shutdown")]
    [TestCase("drain")]
    [TestCase("drain -1")]
    [TestCase("drain 99999999")]
    [TestCase("")]
    public void What_it_does_not_know_is_an_error(string request)
    {
        Assert.That(async () => await _client.AskAsync(request, default), Throws.InstanceOf<IOException>());
        Assert.That(_drain.IsDraining, Is.False);
    }

    [Test]
    public async Task A_line_without_an_end_is_an_error()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_directory, "s")));
        await socket.SendAsync(Encoding.ASCII.GetBytes(new string('x', 64)));
        var answer = new byte[100];
        Assert.That(Encoding.ASCII.GetString(answer, 0, await socket.ReceiveAsync(answer)), Does.StartWith("error"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100_000)]
    public async Task A_call_carries_its_body_there_and_back(int length)
    {
        var body = Encoding.ASCII.GetBytes(new string('x', length));
        Assert.That(await _client.CallAsync("echo", body, default), Is.EqualTo(body));
    }

    [Test]
    public void A_call_that_nobody_knows_or_with_too_long_a_body_is_an_error()
    {
        Assert.That(async () => await _client.CallAsync("other", new byte[1], default), Throws.InstanceOf<IOException>());
        Assert.That(async () => await _client.AskAsync("call echo 999999999", default), Throws.InstanceOf<IOException>());
        Assert.That(async () => await _client.AskAsync("call echo -1", default), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Metrics_are_text()
    {
        _meter.CreateCounter<long>("frames").Add(3);
        Assert.That(await _client.AskAsync("metrics", default), Does.Contain("frames_total 3\n"));
    }

    private static async Task FiredAsync(CancellationToken token)
    {
        var fired = new TaskCompletionSource();
        await using var registration = token.Register(fired.SetResult);
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None); // A signal that never comes must fail, not hang.
    }
}
