using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model;

/// <summary>Plays the steps of sequences on one connection and collects what comes back, without knowing how many replies that will be.</summary>
internal sealed class ModelPlayer(IDuplexPipe connection, bool isGateway, TimeSpan deadline, ModelCanceller? canceller = null)
{
    /// <summary>Close never fails and changes nothing when there is no such portal; so many in a row come from nobody else.</summary>
    private const int MarksMax = 5;

    private static readonly byte[] Marks =
        [.. Enumerable.Repeat(PostgresRequests.ClosePortal("no such portal"), MarksMax).SelectMany(bytes => bytes)];

    private readonly List<WireFrame> _frames = [];
    private bool _isDiscarding;
    private bool _mayFlush = true;

    /// <summary>The transaction state that the last ReadyForQuery told.</summary>
    public char Status { get; private set; } = 'I';

    /// <summary>Everything received since the last call.</summary>
    public IReadOnlyList<WireFrame> TakeFrames()
    {
        WireFrame[] taken = [.. _frames];
        _frames.Clear();
        return taken;
    }

    public async Task PlayAsync(ModelStep step)
    {
        var messages = isGateway ? step.Gateway : step.Direct;
        _mayFlush &= IsBatch(messages);
        await SendAsync(messages);
        switch (step.Action)
        {
            case ModelAction.Barrier or ModelAction.FlushBarrier when step.Action is ModelAction.Barrier || !_mayFlush:
                await SendAsync([.. PostgresRequests.Sync(), .. Marks, .. PostgresRequests.Sync()]);
                _isDiscarding = false;
                _mayFlush = true;
                await ReceiveAsync(static frames => EndsWithMarks(frames, behind: 1) && frames[^1].Type == WireFrame.ReadyForQuery);
                RemoveMarks(behind: 1);
                break;
            case ModelAction.FlushBarrier when !_isDiscarding:
                await SendAsync([.. Marks, .. PostgresRequests.Flush()]);
                await ReceiveAsync(static frames => EndsWithMarks(frames, behind: 0) || frames is [.., { Type: WireFrame.ErrorResponse }]);
                _isDiscarding = _frames is [.., { Type: WireFrame.ErrorResponse }];
                if (!_isDiscarding) RemoveMarks(behind: 0);
                break;
            case ModelAction.AwaitCopyIn:
                await ReceiveAsync(static frames => frames is [.., { Type: 'G' or WireFrame.ReadyForQuery }]);
                break;
            default:
                break;
        }
    }

    /// <summary>Whether the messages belong to one batch that is not over, so that an error is the last reply. A Close in the end would look like a mark.</summary>
    private static bool IsBatch(ReadOnlySpan<byte> messages)
    {
        while (messages.Length > 0)
        {
            var length = 1 + BinaryPrimitives.ReadInt32BigEndian(messages[1..]);
            if ((char)messages[0] is not ('P' or 'B' or 'D' or 'E' or 'H')) return false;
            messages = messages[length..];
        }

        return true;
    }

    private void RemoveMarks(int behind)
    {
        _frames.RemoveRange(_frames.Count - MarksMax - behind, MarksMax);
    }

    private static bool EndsWithMarks(List<WireFrame> frames, int behind)
    {
        if (frames.Count < MarksMax + behind) return false;
        for (var i = 1; i <= MarksMax; i++)
            if (frames[^(i + behind)].Type != '3')
                return false;
        return true;
    }

    private async Task SendAsync(byte[] bytes)
    {
        if (bytes.Length == 0) return;
        await connection.Output.WriteAsync(bytes);
    }

    /// <summary>Receives while what sleeps is cancelled.</summary>
    private async Task ReceiveAsync(Func<List<WireFrame>, bool> isLast)
    {
        using var received = new CancellationTokenSource();
        var watching = canceller?.WatchAsync(received.Token) ?? Task.CompletedTask;
        try
        {
            await ReceiveUntilAsync(isLast);
        }
        finally
        {
            await received.CancelAsync();
            await watching;
        }
    }

    private async Task ReceiveUntilAsync(Func<List<WireFrame>, bool> isLast)
    {
        using var over = new CancellationTokenSource(deadline);
        while (true)
        {
            ReadResult read;
            try
            {
                read = await connection.Input.ReadAsync(over.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{(isGateway ? "The client of the gateway" : "The client of the server")} is still waiting after: {string.Join(" ", _frames)}");
            }

            var rest = read.Buffer;
            var isOver = false;
            while (!isOver && TryTake(ref rest, out var frame))
            {
                _frames.Add(frame);
                if (frame.Type == WireFrame.ReadyForQuery) Status = (char)frame.Body[0];
                isOver = isLast(_frames);
            }

            connection.Input.AdvanceTo(rest.Start, isOver ? rest.Start : rest.End);
            if (isOver) return;
            if (read.IsCompleted) throw new EndOfStreamException($"The connection ended after: {string.Join(" ", _frames)}");
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out WireFrame frame)
    {
        frame = null!;
        if (buffer.Length < 5) return false;
        var header = buffer.Slice(0, 5).ToArray();
        var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1));
        if (buffer.Length < length + 1) return false;
        frame = new WireFrame((char)header[0], buffer.Slice(5, length - 4).ToArray());
        buffer = buffer.Slice(length + 1);
        return true;
    }
}
