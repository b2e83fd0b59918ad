using NUnit.Framework;

namespace Proxy.Tests.Fuzz;

/// <summary>A server that sends nearly valid answers to valid requests.</summary>
public sealed class ReplyFuzzTests
{
    private static readonly byte[] Types = "RKvSZ123tTnDCIsENAGHWdcV"u8.ToArray();

    [Test]
    public Task Whatever_a_server_sends_no_canary_gets_out() => FuzzRun.PlayAsync("replies", PlayAsync);

    private static async Task<int> PlayAsync(Random random)
    {
        var corpus = random.Next(10) == 0 ? Conversation.Shown : Conversation.Masked;
        var conversation = random.From(corpus);
        var bursts = Bursts(conversation);
        var frames = Frames(conversation);
        var strangers = Frames(random.From(corpus));
        if (!conversation.IsAllAboutPatients) TakeCanaryFromErrors([.. frames, .. strangers]);
        new Mutator(random, Types).Mutate(frames, strangers);
        using var session = new FuzzedSession(FuzzParser.Instance, FuzzRun.ProfileFrom(random), FuzzRun.LimitsFrom(random));
        try
        {
            for (var burst = 0; burst < bursts.Count; burst++)
            {
                await session.RequestAsync([.. bursts[burst].SelectMany(request => request.ToBytes())]);
                var bytes = frames.Where(frame => frame.Burst == burst).SelectMany(frame => frame.ToBytes()).ToArray();
                foreach (var piece in random.Pieces(bytes))
                    await session.ReplyAsync(piece);
            }

            session.Finish();
            Assert.That(Canary.Find(session.ShownToClient), Is.Null);
        }
        catch (Exception failure)
        {
            throw new AssertionException($"{conversation}: {failure}\n{string.Join('\n', frames.Select(Text))}\nshown: {Shown(session)}", failure);
        }

        return Math.Max(1, frames.Count);
    }

    private static string Shown(FuzzedSession session) => new Support.WireFrame('*', session.ShownToClient.ToArray()).ToString();

    private static string Text(MutableFrame frame) =>
        $"< {frame.Burst} {new Support.WireFrame((char)frame.Type, frame.Body)} {frame.ClaimedLength} {frame.CutAt}";

    private static void TakeCanaryFromErrors(List<MutableFrame> frames)
    {
        foreach (var frame in frames.Where(frame => frame.Type is (byte)'E' or (byte)'N'))
            Canary.Remove(frame.Body);
    }

    /// <summary>The requests before each burst of answers.</summary>
    private static List<List<MutableFrame>> Bursts(Conversation conversation)
    {
        var bursts = new List<List<MutableFrame>>();
        var isRequest = false;
        foreach (var line in conversation.Lines)
        {
            if (line.IsRequest && !isRequest) bursts.Add([]);
            isRequest = line.IsRequest;
            if (isRequest) bursts[^1].Add(new MutableFrame(bursts.Count - 1, line.Type, line.Body));
        }

        return bursts;
    }

    private static List<MutableFrame> Frames(Conversation conversation)
    {
        var frames = new List<MutableFrame>();
        var burst = -1;
        var isRequest = false;
        foreach (var line in conversation.Lines)
        {
            if (line.IsRequest && !isRequest) burst++;
            isRequest = line.IsRequest;
            if (!isRequest) frames.Add(new MutableFrame(burst, line.Type, [.. line.Body]));
        }

        return frames;
    }
}
