using System.Buffers.Binary;

namespace Proxy.Tests.Fuzz;

/// <summary>
/// Turns valid frames into nearly valid ones: bytes, lengths, types and order change, frames are cut, repeated, dropped, and borrowed from another
/// conversation. Most mutations keep the framing whole, because behind a broken frame nothing more is reached.
/// </summary>
public sealed class Mutator(Random random, ReadOnlyMemory<byte> types)
{
    private static readonly int[] Numbers = [0, 1, -1, 2, 4, 5, 255, 256, short.MaxValue, ushort.MaxValue, int.MaxValue, int.MinValue, int.MinValue + 1, 1664, 1665, 10_000, 1 << 20];

    /// <param name="frames">Changed in place.</param>
    /// <param name="strangers">Frames of another conversation.</param>
    public void Mutate(List<MutableFrame> frames, IReadOnlyList<MutableFrame> strangers)
    {
        var count = random.Next(8) == 0 ? 0 : 1 + random.Next(3);
        for (var i = 0; i < count && frames.Count > 0; i++)
            MutateOnce(frames, strangers);
    }

    private void MutateOnce(List<MutableFrame> frames, IReadOnlyList<MutableFrame> strangers)
    {
        var at = random.Next(frames.Count);
        var frame = frames[at];
        switch (random.Next(20))
        {
            case 0:
                frames.RemoveAt(at);
                break;
            case 1:
                frames.Insert(at, frame.Copy());
                break;
            case 2:
                Swap(frames, at, random.Next(frames.Count));
                break;
            case 3:
                Borrow(frames, at, strangers, replaces: false);
                break;
            case 4:
                Borrow(frames, at, strangers, replaces: true);
                break;
            case 5:
                frame.Type = types.Span[random.Next(types.Length)];
                break;
            case 6:
                frame.Type = (byte)random.Next(256);
                break;
            case 7:
                frame.ClaimedLength = random.Next(2) == 0 ? Number() : 4 + frame.Body.Length + random.Next(-8, 9);
                break;
            case 8:
                frame.CutAt = random.Next(5 + frame.Body.Length);
                if (random.Next(2) == 0) frames.RemoveRange(at + 1, frames.Count - at - 1);
                break;
            case 9:
                Repeat(frames, at);
                break;
            default:
                if (frame.Body.Length > 0) MutateBody(frame);
                else frame.Body = Bytes(1 + random.Next(8));
                break;
        }
    }

    private void MutateBody(MutableFrame frame)
    {
        var body = frame.Body;
        var at = random.Next(body.Length);
        switch (random.Next(9))
        {
            case 0:
                body[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                body[at] = (byte)random.Next(256);
                break;
            case 2 when at + 4 <= body.Length:
                BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(at), Number());
                break;
            case 3 when at + 2 <= body.Length:
                BinaryPrimitives.WriteInt16BigEndian(body.AsSpan(at), (short)Number());
                break;
            case 4:
                frame.Body = [.. body[..at], .. body[(at + 1 + random.Next(body.Length - at))..]];
                break;
            case 5:
                frame.Body = [.. body[..at], .. Bytes(1 + random.Next(12)), .. body[at..]];
                break;
            case 6:
                var from = random.Next(body.Length);
                var count = random.Next(Math.Min(body.Length - from, body.Length - at) + 1);
                body.AsSpan(from, count).ToArray().CopyTo(body, at);
                break;
            case 7:
                var part = body.AsSpan(at, random.Next(body.Length - at) + 1).ToArray();
                frame.Body = [.. body[..at], .. part, .. body[at..]];
                break;
            default:
                body[at] = 0;
                break;
        }
    }

    private void Borrow(List<MutableFrame> frames, int at, IReadOnlyList<MutableFrame> strangers, bool replaces)
    {
        if (strangers.Count == 0) return;
        var borrowed = strangers[random.Next(strangers.Count)].Copy();
        borrowed.Burst = frames[at].Burst;
        if (replaces) frames[at] = borrowed;
        else frames.Insert(at, borrowed);
    }

    private void Repeat(List<MutableFrame> frames, int at)
    {
        var times = 1 + random.Next(20);
        for (var i = 0; i < times; i++)
            frames.Insert(at, frames[at].Copy());
    }

    private static void Swap(List<MutableFrame> frames, int a, int b)
    {
        (frames[a], frames[b]) = (frames[b], frames[a]);
        (frames[a].Burst, frames[b].Burst) = (frames[b].Burst, frames[a].Burst);
    }

    private int Number() => Numbers[random.Next(Numbers.Length)];

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
