using System.Buffers;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Proxy.Host.Transport;
using Proxy.Protocols;

namespace Proxy.Tests.Host.Transport;

/// <summary>The PipeReader contract over a stream whose receives the test decides.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(30_000)]
public sealed class ConnectionReaderTests(bool isNonBlocking)
{
    private ScriptedStream _stream = null!;
    private ConnectionReader _reader = null!;
    private ConnectionEnd _end;

    [SetUp]
    public void OverAScriptedStream()
    {
        _stream = isNonBlocking ? new ReadyScriptedStream() : new ScriptedStream();
        _end = ConnectionEnd.None;
        _reader = new ConnectionReader(_stream, receiveBytes: 1024, frameBytesMax: 8192, end => _end = end);
    }

    [TearDown]
    public void Close() => _stream.Dispose();

    [Test]
    public async Task One_receive_gives_one_result_of_one_segment()
    {
        _stream.Receive("hello"u8);
        var result = await _reader.ReadAsync();
        Assert.That(result.Buffer.IsSingleSegment);
        Assert.That(result.Buffer.ToArray(), Is.EqualTo("hello"u8.ToArray()));
        _reader.AdvanceTo(result.Buffer.End);
    }

    [Test]
    public async Task Memory_may_be_rewritten_until_it_is_consumed()
    {
        _stream.Receive("ssn=912573461;"u8);
        var result = await _reader.ReadAsync();
        "*********"u8.CopyTo(MemoryMarshal.AsMemory(result.Buffer.First).Span[4..]);
        _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        _stream.Receive("x"u8);
        result = await _reader.ReadAsync();
        Assert.That(result.Buffer.ToArray(), Is.EqualTo("ssn=*********;x"u8.ToArray()));
    }

    [Test]
    public async Task What_was_examined_and_not_consumed_comes_again_with_more()
    {
        _stream.Receive("ab"u8);
        var result = await _reader.ReadAsync();
        _reader.AdvanceTo(result.Buffer.GetPosition(1), result.Buffer.End);
        var next = _reader.ReadAsync();
        Assert.That(next.IsCompleted, Is.False);
        _stream.Receive("c"u8);
        Assert.That((await next).Buffer.ToArray(), Is.EqualTo("bc"u8.ToArray()));
    }

    [Test]
    public async Task What_was_not_examined_comes_again_at_once()
    {
        _stream.Receive("ab"u8);
        var result = await _reader.ReadAsync();
        _reader.AdvanceTo(result.Buffer.Start, result.Buffer.GetPosition(1));
        var next = _reader.ReadAsync();
        Assert.That(next.IsCompletedSuccessfully);
        Assert.That((await next).Buffer.Length, Is.EqualTo(2));
    }

    [Test]
    public async Task A_finished_stream_is_completed_with_its_last_bytes_left()
    {
        _stream.Receive("tail"u8);
        var result = await _reader.ReadAsync();
        _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        _stream.Finish();
        result = await _reader.ReadAsync();
        Assert.That(result.IsCompleted);
        Assert.That(result.Buffer.Length, Is.EqualTo(4));
        Assert.That(_end, Is.EqualTo(ConnectionEnd.PeerClosed));
    }

    [Test]
    public async Task TryRead_gives_only_what_is_there()
    {
        Assert.That(_reader.TryRead(out _), Is.False);
        _stream.Receive("ab"u8);
        var result = await _reader.ReadAsync();
        _reader.AdvanceTo(result.Buffer.GetPosition(1));
        Assert.That(_reader.TryRead(out result));
        Assert.That(result.Buffer.ToArray(), Is.EqualTo("b"u8.ToArray()));
    }

    [Test]
    public async Task Cancelling_a_pending_read_loses_nothing()
    {
        var pending = _reader.ReadAsync();
        _reader.CancelPendingRead();
        var result = await pending;
        Assert.That(result.IsCanceled);
        _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        _stream.Receive("late"u8);
        result = await _reader.ReadAsync();
        Assert.That(result.IsCanceled, Is.False);
        Assert.That(result.Buffer.ToArray(), Is.EqualTo("late"u8.ToArray()));
    }

    [Test]
    public async Task Cancelling_without_a_read_cancels_the_next_one()
    {
        _reader.CancelPendingRead();
        var result = await _reader.ReadAsync();
        Assert.That(result.IsCanceled);
    }

    [Test]
    public async Task A_cancelled_token_ends_the_read_and_loses_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var pending = _reader.ReadAsync(cancellation.Token);
        await cancellation.CancelAsync();
        Assert.That(async () => await pending, Throws.InstanceOf<OperationCanceledException>());
        _stream.Receive("late"u8);
        Assert.That((await _reader.ReadAsync()).Buffer.Length, Is.EqualTo(4));
    }

    [Test]
    public void A_fault_is_thrown_and_stays()
    {
        _stream.Fail(new InvalidDataException("boom"));
        Assert.That(async () => await _reader.ReadAsync(), Throws.InstanceOf<InvalidDataException>());
        Assert.That(async () => await _reader.ReadAsync(), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public async Task A_frame_over_the_limit_fails_the_read()
    {
        var received = 0;
        while (received <= 8192)
        {
            _stream.Receive(new byte[512]);
            received += 512;
            ValueTask<System.IO.Pipelines.ReadResult> read = _reader.ReadAsync();
            if (received > 8192)
            {
                Assert.That(async () => await read, Throws.InstanceOf<ReadLimitExceededException>());
                return;
            }
            var result = await read;
            Assert.That(result.Buffer.Length, Is.EqualTo(received));
            _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    [Test]
    public async Task No_buffer_is_held_while_nothing_is_received_and_all_is_consumed()
    {
        _stream.Receive("hello"u8);
        var result = await _reader.ReadAsync();
        _reader.AdvanceTo(result.Buffer.End);
        var pending = _reader.ReadAsync();
        Assert.That(_reader.BufferedCapacity, Is.Zero);
        _stream.Finish();
        Assert.That((await pending).IsCompleted);
    }

    [Test]
    public async Task Misuse_is_an_error()
    {
        Assert.That(() => _reader.AdvanceTo(default), Throws.InvalidOperationException);
        _stream.Receive("ab"u8);
        var result = await _reader.ReadAsync();
        Assert.That(async () => await _reader.ReadAsync(), Throws.InvalidOperationException);
        Assert.That(() => _reader.AdvanceTo(result.Buffer.End, result.Buffer.Start), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _reader.AdvanceTo(default), Throws.InstanceOf<ArgumentOutOfRangeException>());
        _reader.Complete();
        Assert.That(async () => await _reader.ReadAsync(), Throws.InvalidOperationException);
    }
}
