using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Protocols;

namespace Proxy.Tests.Fuzz;

/// <summary>The corpus is valid: without mutations nothing is a violation, so that mutations start deep in a conversation.</summary>
public sealed class CorpusTests
{
    private static IEnumerable<Conversation> All => [.. Conversation.Masked, .. Conversation.Shown];

    [TestCaseSource(nameof(All))]
    public async Task A_conversation_of_the_corpus_goes_through(Conversation conversation)
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        foreach (var line in conversation.Lines)
        {
            var bytes = new MutableFrame(0, line.Type, [.. line.Body]).ToBytes();
            if (line.IsRequest) await session.RequestAsync(bytes);
            else await session.ReplyAsync(bytes);
        }

        var expected = conversation.Name switch
        {
            "fatal" => SessionEnd.ServerFatal,
            "terminate" => SessionEnd.ClientTerminated,
            _ => SessionEnd.None,
        };
        Assert.That(session.End, Is.EqualTo(expected));
        Assert.That(Canary.Find(session.ShownToClient), Is.Null);
        Assert.That(session.ShownToClient.Length, Is.GreaterThan(0));
    }
}
