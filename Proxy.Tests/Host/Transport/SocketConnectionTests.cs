using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Host.Transport;
using Proxy.Protocols;

namespace Proxy.Tests.Host.Transport;

[CancelAfter(120_000)]
public sealed class SocketConnectionTests
{
    private TestCertificates _certificates = null!;

    [OneTimeSetUp]
    public void Issue() => _certificates = new TestCertificates();

    [OneTimeTearDown]
    public void Remove() => _certificates.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public async Task Everything_sent_arrives_in_order_in_constant_memory(bool tls)
    {
        await using var pair = await OpenAsync(tls);
        const int blocks = 2_000;
        var block = RandomNumberGenerator.GetBytes(32_000);
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        var reading = ReadAllAsync(pair.Server, received);
        for (var i = 0; i < blocks; i++)
        {
            block[i % block.Length]++;
            var part = block.AsMemory(0, 1 + RandomNumberGenerator.GetInt32(block.Length));
            sent.AppendData(part.Span);
            await pair.Client.Output.WriteAsync(part);
        }
        await pair.Client.DisposeAsync();

        var capacityMax = await reading;
        Assert.That(received.GetHashAndReset(), Is.EqualTo(sent.GetHashAndReset()));
        Assert.That(capacityMax, Is.LessThanOrEqualTo(64 * 1024));
        Assert.That(pair.Server.End, Is.EqualTo(ConnectionEnd.PeerClosed));
    }

    [Test]
    public async Task What_is_followed_by_more_arrives_with_it_in_order([Values] bool tls)
    {
        await using var pair = await OpenAsync(tls);
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reading = ReadAllAsync(pair.Server, received);
        for (var i = 0; i < 1_000; i++)
        {
            var part = RandomNumberGenerator.GetBytes(1 + RandomNumberGenerator.GetInt32(70_000));
            sent.AppendData(part);
            pair.Client.MoreFollows = i % 5 != 4;
            await pair.Client.Output.WriteAsync(part);
        }
        await pair.Client.DisposeAsync();
        await reading;
        Assert.That(received.GetHashAndReset(), Is.EqualTo(sent.GetHashAndReset()));
    }

    [Test]
    public async Task What_nothing_follows_after_all_arrives_nevertheless([Values] bool tls)
    {
        await using var pair = await OpenAsync(tls);
        pair.Client.MoreFollows = true;
        await pair.Client.Output.WriteAsync("a row"u8.ToArray());
        Assert.That(await pair.Server.ReadExactlyAsync(5), Is.EqualTo("a row"u8.ToArray()));
    }

    [Test]
    public async Task Small_messages_leave_in_one_send()
    {
        await using var pair = await OpenAsync(tls: false);
        for (var i = 0; i < 100; i++)
        {
            pair.Client.Output.GetSpan(1)[0] = (byte)i;
            pair.Client.Output.Advance(1);
        }
        Assert.That(pair.Client.Output.UnflushedBytes, Is.EqualTo(100));
        await pair.Client.Output.WriteAsync(new byte[] { 100 });
        var result = await pair.Server.Input.ReadAsync();
        Assert.That(result.Buffer.Length, Is.EqualTo(101));
        Assert.That(result.Buffer.FirstSpan[100], Is.EqualTo(100));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_peer_that_does_not_read_holds_up_the_writer_and_no_memory_grows(bool tls)
    {
        await using var pair = await OpenAsync(tls);
        var block = new byte[16_000];
        var written = 0L;
        Task? stalled = null;
        while (stalled is null)
        {
            var write = pair.Client.Output.WriteAsync(block).AsTask();
            if (write.IsCompleted || await Task.WhenAny(write, Task.Delay(500)) == write)
                written += block.Length;
            else
                stalled = write;
            Assert.That(written, Is.LessThan(64_000_000), "the kernel's buffers are finite");
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reading = ReadAllAsync(pair.Server, hash);
        await stalled;
        await pair.Client.DisposeAsync();
        await reading;
    }

    [Test]
    public async Task A_send_that_does_not_end_is_ended_by_its_limit()
    {
        var time = new FakeTimeProvider();
        using var sweeper = new ConnectionSweeper(time, TimeSpan.FromSeconds(1));
        await using var pair = await ConnectionPair.PlainAsync(sweeper: sweeper);
        var sending = pair.Client.Output.WriteAsync(new byte[64_000_000]).AsTask();
        for (var i = 0; i < 200; i++)
            time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await sending).IsCompleted);
        Assert.That(pair.Client.End, Is.EqualTo(ConnectionEnd.SendTimeout));
    }

    [Test]
    public async Task A_connection_that_is_idle_too_long_is_ended()
    {
        var time = new FakeTimeProvider();
        using var sweeper = new ConnectionSweeper(time, TimeSpan.FromSeconds(1));
        await using var pair = await ConnectionPair.PlainAsync(sweeper: sweeper);
        pair.Server.IdleTimeout = TimeSpan.FromSeconds(10);
        var reading = pair.Server.Input.ReadAsync();
        for (var i = 0; i < 9; i++)
            time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(pair.Server.End, Is.EqualTo(ConnectionEnd.None));
        for (var i = 0; i < 3; i++)
            time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await reading).IsCompleted);
        Assert.That(pair.Server.End, Is.EqualTo(ConnectionEnd.IdleTimeout));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_reset_is_an_ending_and_no_exception(bool tls)
    {
        await using var pair = await OpenAsync(tls);
        var reading = pair.Server.Input.ReadAsync();
        pair.Client.Abort();
        Assert.That((await reading).IsCompleted);
        Assert.That(pair.Server.End, Is.EqualTo(ConnectionEnd.PeerReset));
        Assert.That((await pair.Server.Output.WriteAsync(new byte[10])).IsCompleted);
    }

    [Test]
    public async Task A_half_closed_peer_still_gets_our_answer()
    {
        var (server, client) = await ConnectionPair.SocketsAsync();
        await using var connection = new SocketConnection(server, SocketConnectionOptions.Default);
        using (client)
        {
            client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            Assert.That((await connection.Input.ReadAsync()).IsCompleted);
            Assert.That((await connection.Output.WriteAsync("late"u8.ToArray())).IsCompleted, Is.False);
            var buffer = new byte[16];
            Assert.That(await client.ReceiveAsync(buffer), Is.EqualTo(4));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Our_own_abort_ends_pending_reads_and_writes(bool tls)
    {
        await using var pair = await OpenAsync(tls);
        var reading = pair.Client.Input.ReadAsync();
        var writing = pair.Client.Output.WriteAsync(new byte[64_000_000]);
        pair.Client.Abort();
        Assert.That((await reading).IsCompleted);
        Assert.That((await writing).IsCompleted);
        Assert.That(pair.Client.End, Is.EqualTo(ConnectionEnd.Aborted));
    }

    [Test]
    public async Task A_broken_tls_record_is_a_tls_failure()
    {
        var options = ConnectionPair.WithTls(_certificates);
        var (server, client) = await ConnectionPair.SocketsAsync();
        await using var connection = new SocketConnection(server, options);
        await using var other = new SocketConnection(client, options);
        await Task.WhenAll(connection.UpgradeAsServerAsync(false, default).AsTask(), other.UpgradeAsClientAsync(default).AsTask());
        await client.SendAsync(Convert.FromHexString("1703030014000102030405060708090a0b0c0d0e0f10111213"));
        Assert.That((await connection.Input.ReadAsync()).IsCompleted);
        Assert.That(connection.End, Is.EqualTo(ConnectionEnd.TlsFailure));
    }

    [Test]
    public async Task The_last_message_reaches_a_peer_that_is_still_sending()
    {
        await using var pair = await OpenAsync(tls: false);
        await pair.Client.Output.WriteAsync(new byte[100_000]);
        var first = await pair.Server.Input.ReadAsync();
        pair.Server.Input.AdvanceTo(first.Buffer.Start, first.Buffer.End);
        await pair.Server.Output.WriteAsync("too long"u8.ToArray());
        await pair.Client.Output.WriteAsync(new byte[100_000]);
        var closing = pair.Server.DisposeAsync();
        Assert.That(await pair.Client.ReadExactlyAsync(8), Is.EqualTo("too long"u8.ToArray()));
        await pair.Client.DisposeAsync();
        await closing;
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Cancelling_reads_while_data_arrives_loses_no_byte(bool tls)
    {
        await using var pair = await OpenAsync(tls);
        const int rounds = 10_000;
        var expected = 0;
        var canceled = 0;
        var reading = Task.Run(async () =>
        {
            while (expected < rounds)
            {
                var result = await pair.Server.Input.ReadAsync();
                canceled += result.IsCanceled ? 1 : 0;
                foreach (var b in result.Buffer.FirstSpan)
                    Assert.That(b, Is.EqualTo((byte)expected++));
                pair.Server.Input.AdvanceTo(result.Buffer.End);
            }
        });
        var canceling = Task.Run(() =>
        {
            while (!reading.IsCompleted)
            {
                pair.Server.Input.CancelPendingRead();
                Thread.Yield();
            }
        });
        // On a busy machine all could be over before the first one is cancelled.
        while (Volatile.Read(ref canceled) == 0)
            await Task.Yield();
        for (var i = 0; i < rounds; i++)
            await pair.Client.Output.WriteAsync(new[] { (byte)i });
        await reading;
        await canceling;
        Assert.That(expected, Is.EqualTo(rounds));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Messages_back_and_forth_allocate_nothing(bool tls)
    {
        await using var pair = await OpenAsync(tls);
        var message = new byte[100];
        const int rounds = 5_000;
        var perRound = await Task.Run(async () => // Without the test framework's own context, which allocates for each await.
        {
            await ExchangeAsync(pair, message, 3_000); // Compiles the tiers and fills the pools.
            var least = double.MaxValue;
            // What other threads of the test run allocate meanwhile is not the same each time; what a message allocates is.
            for (var attempt = 0; attempt < 4; attempt++)
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                await ExchangeAsync(pair, message, rounds);
                least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)rounds);
            }
            return least;
        });
        TestContext.Out.WriteLine($"{perRound:0.0} bytes a round trip (4 legs' operations)");

        // Optimized: nothing but what other threads of the test run allocate; one state machine a read would be over 100. In a debug build
        // the compiler makes every state machine a class, so there only growth beyond that shows.
        var debug = typeof(SocketConnection).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled ?? false;
        Assert.That(perRound, Is.LessThan(debug ? 1_200 : 60));
    }

    private static async Task ExchangeAsync(ConnectionPair pair, byte[] message, int rounds)
    {
        var echo = EchoAsync(pair.Server, rounds);
        for (var i = 0; i < rounds; i++)
        {
            await pair.Client.Output.WriteAsync(message);
            var result = await pair.Client.Input.ReadAsync();
            pair.Client.Input.AdvanceTo(result.Buffer.End);
        }
        await echo;
    }

    private static async Task EchoAsync(SocketConnection connection, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            var result = await connection.Input.ReadAsync();
            await connection.Output.WriteAsync(result.Buffer.First);
            connection.Input.AdvanceTo(result.Buffer.End);
        }
    }

    private static async Task<int> ReadAllAsync(SocketConnection connection, IncrementalHash hash)
    {
        var capacityMax = 0;
        while (true)
        {
            var result = await connection.Input.ReadAsync();
            hash.AppendData(result.Buffer.FirstSpan);
            capacityMax = Math.Max(capacityMax, ((ConnectionReader)connection.Input).BufferedCapacity);
            connection.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return capacityMax;
        }
    }

    private Task<ConnectionPair> OpenAsync(bool tls) => tls ? ConnectionPair.TlsAsync(_certificates) : ConnectionPair.PlainAsync();
}
