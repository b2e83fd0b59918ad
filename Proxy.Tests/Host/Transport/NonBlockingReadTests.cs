using System.Buffers;
using NUnit.Framework;
using Proxy.Host.Transport;

namespace Proxy.Tests.Host.Transport;

/// <summary>What the reader does only over a stream that can be asked without waiting.</summary>
[CancelAfter(30_000)]
public sealed class NonBlockingReadTests
{
    private ReadyScriptedStream _stream = null!;
    private ConnectionReader _reader = null!;

    [SetUp]
    public void OverAScriptedStream()
    {
        _stream = new ReadyScriptedStream();
        _reader = new ConnectionReader(_stream, receiveBytes: 16 * 1024, frameBytesMax: 1 << 20, static _ => { });
    }

    [TearDown]
    public void Close() => _stream.Dispose();

    [Test]
    public async Task A_long_receive_is_followed_by_others_while_there_is_more()
    {
        _stream.Receive(new byte[8 * 1024]);
        _stream.Receive(new byte[100]);
        _stream.Receive(new byte[100]);
        Assert.That((await _reader.ReadAsync()).Buffer.Length, Is.EqualTo(8 * 1024 + 100));
    }

    [Test]
    public async Task A_long_receive_waits_for_no_other()
    {
        _stream.Receive(new byte[8 * 1024]);
        Assert.That((await _reader.ReadAsync()).Buffer.Length, Is.EqualTo(8 * 1024));
    }

    [Test]
    public async Task A_short_receive_is_a_result_of_its_own()
    {
        _stream.Receive(new byte[100]);
        _stream.Receive(new byte[100]);
        Assert.That((await _reader.ReadAsync()).Buffer.Length, Is.EqualTo(100));
    }

    [Test]
    public async Task What_came_before_the_end_comes_before_it()
    {
        _stream.Receive(new byte[8 * 1024]);
        _stream.Finish();
        var result = await _reader.ReadAsync();
        Assert.That((result.Buffer.Length, result.IsCompleted), Is.EqualTo((8 * 1024L, true)));
    }

    [Test]
    public async Task Woken_for_nothing_it_holds_no_buffer_and_waits_on()
    {
        var pending = _reader.ReadAsync();
        _stream.WakeForNothing();
        await Support.Eventually.IsTrueAsync(() => Task.FromResult(_stream.Wakenings == 1 && _reader.BufferedCapacity == 0), "the wakening is taken, and the buffer given back");
        Assert.That(pending.IsCompleted, Is.False);
        _stream.Receive("at last"u8);
        Assert.That((await pending).Buffer.ToArray(), Is.EqualTo("at last"u8.ToArray()));
    }

    [Test]
    public async Task Woken_for_nothing_within_a_message_it_keeps_what_it_has()
    {
        _stream.Receive("half a "u8);
        var result = await _reader.ReadAsync();
        _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        var pending = _reader.ReadAsync();
        _stream.WakeForNothing();
        _stream.Receive("message"u8);
        Assert.That((await pending).Buffer.ToArray(), Is.EqualTo("half a message"u8.ToArray()));
    }

    /// <summary>A read is cancelled and consumed while more is received; nothing more comes, and the buffer goes.</summary>
    [Test]
    public async Task What_a_cancelled_read_took_while_more_was_received_is_gone([Values] bool endsByCancel)
    {
        var reads = 0;
        _stream.Reading = () =>
        {
            if (++reads == 2)
                _reader.CancelPendingRead();
        };
        _stream.Receive(new byte[8 * 1024]);
        var result = await _reader.ReadAsync();
        Assert.That((result.IsCanceled, result.Buffer.Length), Is.EqualTo((true, 8 * 1024L)));
        _reader.AdvanceTo(result.Buffer.End);
        var next = _reader.ReadAsync().AsTask();
        if (endsByCancel)
            _reader.CancelPendingRead();
        else
            _stream.Finish();
        result = await next.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That((result.Buffer.Length, result.IsCanceled, result.IsCompleted), Is.EqualTo((0L, endsByCancel, !endsByCancel)));
    }

    [Test]
    public async Task Completed_while_bytes_are_received_a_read_ends_and_gives_nothing([Values] bool comeBytes)
    {
        _stream.Reading = () => _reader.Complete();
        if (comeBytes)
            _stream.Receive(new byte[10]);
        else
            _stream.Finish();
        var result = await _reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That((result.Buffer.Length, result.IsCompleted, _reader.BufferedCapacity), Is.EqualTo((0L, true, 0)));
    }

    [Test]
    public async Task Completed_with_bytes_that_nobody_consumed_a_read_that_waits_ends_with_the_stream()
    {
        _stream.Receive("half"u8);
        var result = await _reader.ReadAsync();
        _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        var pending = _reader.ReadAsync().AsTask();
        _reader.Complete();
        _stream.Finish();
        result = await pending.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That((result.Buffer.Length, result.IsCompleted), Is.EqualTo((0L, true)));
    }
}
