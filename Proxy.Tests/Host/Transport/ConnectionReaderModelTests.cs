using System.Buffers;
using CsCheck;
using NUnit.Framework;
using Proxy.Host.Transport;

namespace Proxy.Tests.Host.Transport;

/// <summary>The reader against the simplest model there is: a list of bytes with a mark.</summary>
public sealed class ConnectionReaderModelTests
{
    /// <summary>One step: receive so many bytes, read, and consume and examine these shares of what was given; perhaps cancel first.</summary>
    private static readonly Gen<(int Received, int Consume, int Examine, bool Cancel)[]> Steps =
        Gen.Select(Gen.Int[1, 3000], Gen.Int[0, 100], Gen.Int[0, 100], Gen.Bool).Array[1, 40];

    [Test]
    public async Task Any_way_of_reading_gives_every_byte_once_and_in_order([Values] bool isNonBlocking) =>
        await Steps.SampleAsync(
            async steps =>
            {
                using var stream = isNonBlocking ? new ReadyScriptedStream() : new ScriptedStream();
                var reader = new ConnectionReader(stream, receiveBytes: 512, frameBytesMax: 1 << 20, _ => { });
                var model = new List<byte>();
                byte next = 0;
                var unexamined = 0;
                foreach (var (received, consume, examine, cancel) in steps)
                {
                    if (cancel)
                        reader.CancelPendingRead();
                    if (unexamined == 0 && !cancel)
                    {
                        var bytes = new byte[Math.Min(received, 512)];
                        for (var i = 0; i < bytes.Length; i++)
                            bytes[i] = next++;
                        stream.Receive(bytes);
                        model.AddRange(bytes);
                    }
                    var result = await reader.ReadAsync();
                    if (result.IsCanceled != cancel || !result.Buffer.IsSingleSegment || !result.Buffer.ToArray().AsSpan().SequenceEqual(model.ToArray()))
                        return false;
                    var consumed = model.Count * consume / 100;
                    var examined = consumed + ((model.Count - consumed) * examine / 100);
                    reader.AdvanceTo(result.Buffer.GetPosition(consumed), result.Buffer.GetPosition(examined));
                    unexamined = model.Count - examined;
                    model.RemoveRange(0, consumed);
                }
                return true;
            },
            iter: 2_000, threads: 1);
}
