using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Fuzz;

/// <summary>A client that sends nearly valid requests to a server that answers what it is asked.</summary>
public sealed class RequestFuzzTests
{
    private static readonly byte[] Types = "QPBDECSHdcfFXp"u8.ToArray();

    [Test]
    public Task Whatever_a_client_sends_the_server_gets_nothing_without_an_intent_and_the_client_no_canary() =>
        FuzzRun.PlayAsync("requests", PlayAsync);

    private static async Task<int> PlayAsync(Random random)
    {
        IReadOnlyList<Conversation> corpus = [.. Conversation.Masked, .. Conversation.Shown];
        var conversation = random.From(corpus);
        var frames = Frames(conversation, random.From(corpus), random.Next(3) == 0);
        new Mutator(random, Types).Mutate(frames, Frames(random.From(corpus)));
        using var session = new FuzzedSession(FuzzParser.Instance, FuzzRun.ProfileFrom(random), FuzzRun.LimitsFrom(random));
        var backend = new ScriptedBackend(FuzzParser.Instance, new IntentCheck(session.Journal), random);
        try
        {
            foreach (var piece in random.Pieces([.. frames.SelectMany(frame => frame.ToBytes())]))
            {
                await session.RequestAsync(piece);
                await AnswerAsync(session, backend, random);
            }

            session.Finish();
            Assert.That(Canary.Find(session.ShownToClient), Is.Null);
        }
        catch (Exception failure)
        {
            throw new AssertionException(
                $"{conversation}: {failure}\n{string.Join('\n', frames.Select(frame => $"> {new WireFrame((char)frame.Type, frame.Body)} {frame.ClaimedLength} {frame.CutAt}"))}"
                + $"\nshown: {new WireFrame('*', session.ShownToClient.ToArray())}", failure);
        }

        return Math.Max(1, frames.Count);
    }

    /// <summary>Until neither has anything more to say. Replies may release requests that waited for them.</summary>
    private static async Task AnswerAsync(FuzzedSession session, ScriptedBackend backend, Random random)
    {
        while (session.TakeSentToServer() is { Length: > 0 } sent)
            foreach (var piece in random.Pieces(await backend.AnswerAsync(sent)))
                await session.ReplyAsync(piece);
    }

    private static List<MutableFrame> Frames(Conversation conversation, Conversation next, bool both) =>
        both ? [.. Frames(conversation), .. Frames(next)] : Frames(conversation);

    private static List<MutableFrame> Frames(Conversation conversation) =>
        [.. conversation.Requests.Select(line => new MutableFrame(0, line.Type, [.. line.Body]))];
}
