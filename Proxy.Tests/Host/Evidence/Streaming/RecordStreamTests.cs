using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Evidence.Streaming;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Evidence.Streaming;

/// <summary>The stream of the hospital's day: everything that is readable, in order, to the end, whatever the receiver does; and nothing of a patient.</summary>
public sealed partial class RecordStreamTests
{
    private const int Records = 31;

    private TemporaryDirectory _directory = null!;

    private string Journal => _directory.Combine("journal");

    [SetUp]
    public async Task MakeJournal()
    {
        _directory = new TemporaryDirectory();
        await HospitalDay.WriteAsync(Journal);
    }

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public async Task Every_record_arrives_as_syslog_over_tls_in_order_and_without_phi()
    {
        await using var receiver = new SyslogReceiver();
        await using (await StartAsync(Syslog(receiver.Port)))
            await Eventually.IsTrueAsync(() => Task.FromResult(receiver.Messages.Count >= Records), "all have come");
        Assert.That(receiver.Messages.Select(NumberOf), Is.EqualTo(Enumerable.Range(1, Records)));
        Assert.That(receiver.Messages, Has.All.Match(@"^<1(08|09|10)>1 2026-11-25T\d\d:\d\d:\d\d\.\d{6}Z \S+ phigate \d+ [A-Za-z]+ \[phigate@32473 number=""\d+"".*\] \uFEFF\{.*\}$"));
        Assert.That(string.Concat(receiver.Messages), Does.Not.Contain(HospitalDay.Canary).And.Contain("human=\"grace@example.org\""));
    }

    [Test]
    public async Task A_receiver_that_goes_away_gets_the_rest_when_it_is_back()
    {
        var first = new SyslogReceiver(messagesMax: 7);
        var port = first.Port;
        await using var streams = await StartAsync(Syslog(port, batch: 3));
        await Eventually.IsTrueAsync(() => Task.FromResult(first.Messages.Count >= 7), "the first have come");
        await first.DisposeAsync();
        await using var second = new SyslogReceiver(port);
        await Eventually.IsTrueAsync(() => Task.FromResult(second.Messages.Count > 0 && NumberOf(second.Messages[^1]) == Records), "the last has come");
        // The batch under way may come twice.
        Assert.That(first.Messages.Concat(second.Messages).Select(NumberOf).Distinct(), Is.EqualTo(Enumerable.Range(1, Records)));
    }

    [Test]
    public async Task What_was_acknowledged_does_not_come_again_after_a_restart_unless_the_position_is_deleted()
    {
        await using var receiver = new SyslogReceiver();
        await using (await StartAsync(Syslog(receiver.Port)))
            await Eventually.IsTrueAsync(() => Task.FromResult(PositionIsAtEnd()), "all are acknowledged");
        var before = receiver.Messages.Count;
        var position = Directory.GetFiles(StreamPosition.DirectoryFor(Journal)).Single();
        await using (await StartAsync(Syslog(receiver.Port)))
            await Task.Delay(400);
        Assert.That(receiver.Messages, Has.Count.EqualTo(before));
        File.Delete(position);
        await using (await StartAsync(Syslog(receiver.Port)))
            await Eventually.IsTrueAsync(() => Task.FromResult(receiver.Messages.Count == 2 * before), "all have come again");
    }

    [Test]
    public async Task A_batch_that_an_ocsf_receiver_refuses_is_sent_again_until_it_takes_it()
    {
        using var listener = new HttpListener();
        var url = new Uri($"http://127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}/events/");
        listener.Prefixes.Add(url.AbsoluteUri);
        listener.Start();
        var (bodies, refusals) = (new List<string>(), 2);
        var serving = Task.Run(async () =>
        {
            while (bodies.Sum(static body => JsonDocument.Parse(body).RootElement.GetArrayLength()) < Records)
            {
                var context = await listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var body = await reader.ReadToEndAsync();
                var isTaken = refusals-- <= 0;
                if (isTaken) bodies.Add(body);
                context.Response.StatusCode = isTaken ? 204 : 503;
                context.Response.Close();
            }
        });
        await using (await StartAsync(new StreamOptions { Name = "lake", Ocsf = new OcsfOptions { Url = url, IAcceptPlaintext = true }, BatchRecordsMax = 10 }))
            await serving.WaitAsync(TimeSpan.FromSeconds(60));
        var events = bodies.SelectMany(static body => JsonDocument.Parse(body).RootElement.EnumerateArray()).ToArray();
        Assert.That(events.Select(static one => int.Parse(one.GetProperty("metadata").GetProperty("uid").GetString()!, CultureInfo.InvariantCulture)), Is.EqualTo(Enumerable.Range(1, Records)));
        Assert.That(events.Select(static one => one.GetProperty("type_uid").GetInt64() / 100), Is.EqualTo(events.Select(static one => one.GetProperty("class_uid").GetInt64())));
        Assert.That(string.Concat(bodies), Does.Not.Contain(HospitalDay.Canary));
    }

    private static int NumberOf(string message) => int.Parse(Number().Match(message).Groups[1].Value, CultureInfo.InvariantCulture);

    private bool PositionIsAtEnd() =>
        Directory.GetFiles(StreamPosition.DirectoryFor(Journal), "*.position") is [var file] && File.ReadAllText(file).Trim().EndsWith($" {Records.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal);

    private static StreamOptions Syslog(int port, int batch = 200) => new()
    {
        Name = "siem",
        Syslog = new SyslogOptions { Address = new NetworkAddress("localhost", port), CaFile = TestCertificates.Shared.AuthorityPath },
        BatchRecordsMax = batch,
    };

    private Task<RecordStreams> StartAsync(StreamOptions options) =>
        RecordStreams.StartAsync(Journal, [options], TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    [GeneratedRegex("number=\"(\\d+)\"")]
    private static partial Regex Number();
}
