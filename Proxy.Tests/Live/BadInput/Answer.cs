using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.BadInput;

/// <summary>What the tests of this namespace say about answers.</summary>
internal static class Answer
{
    /// <summary>The connection ends with one ErrorResponse of severity FATAL and this code; what came before it is returned.</summary>
    public static async Task<IReadOnlyList<WireFrame>> EndsWithFatalAsync(WireClient client, string sqlState, string code)
    {
        var frames = await client.ReceiveToEndAsync();
        Assert.That(frames, Is.Not.Empty, "the connection ended without a word");
        var last = frames[^1];
        Assert.That((last.Type, last.Field('V'), last.Field('C')), Is.EqualTo((WireFrame.ErrorResponse, "FATAL", sqlState)), last.ToString());
        Assert.That(last.Field('D'), Does.Contain($"code={code} "));
        return [.. frames.SkipLast(1)];
    }

    /// <summary>One ErrorResponse with this code, then ReadyForQuery: the connection lives.</summary>
    public static void IsRefusal(IReadOnlyList<WireFrame> frames, string sqlState, string code)
    {
        Assert.That(string.Concat(frames.Select(frame => frame.Type)), Is.EqualTo("EZ"), string.Join('\n', frames));
        Assert.That((frames[0].Field('V'), frames[0].Field('C')), Is.EqualTo(("ERROR", sqlState)), frames[0].ToString());
        Assert.That(frames[0].Field('D'), Does.Contain($"code={code} "));
    }

    /// <summary>This client gets the row that it asks for.</summary>
    public static async Task IsServedAsync(WireClient client)
    {
        var frames = await client.QueryAsync("select 43");
        Assert.That(string.Concat(frames.Select(frame => frame.Type)), Is.EqualTo("TDCZ"), string.Join('\n', frames));
    }

    /// <summary>The process lives: another client is served.</summary>
    public static async Task NextIsServedAsync(GatewayHarness gateway)
    {
        await using var client = await WireClient.OpenAsync(gateway.Endpoint);
        await IsServedAsync(client);
    }
}
