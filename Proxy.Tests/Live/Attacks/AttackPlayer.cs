using Proxy.Tests.Live.Differential;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Attacks;

/// <summary>Sends an attack's messages, and says how it ended.</summary>
internal static class AttackPlayer
{
    /// <param name="attack">What is sent.</param>
    /// <param name="other">Runs what another session is to do.</param>
    /// <param name="endpoint">The gateway, or the server itself.</param>
    public static async Task<List<WireFrame>> PlayAsync(Attack attack, Func<string, Task> other, ClientEndpoint endpoint)
    {
        var received = new List<WireFrame>();
        var hasEnded = false;
        await using var client = await WireClient.OpenAsync(endpoint);
        foreach (var step in attack.Steps)
        {
            if (step.Action is ExchangeAction.Other)
            {
                await other(step.Text);
                continue;
            }
            try
            {
                await client.SendAsync(step.Bytes);
                if (step.Bytes[0] is not ((byte)'Q' or (byte)'S'))
                    continue;
                var replies = await client.ReceiveUntilReadyAsync();
                received.AddRange(replies);
                hasEnded = replies is not [.., { Type: WireFrame.ReadyForQuery }];
            }
            catch (IOException)
            {
                hasEnded = true;
            }
            if (hasEnded)
                break;
        }
        if (hasEnded)
            received.Add(new WireFrame('X', []));
        return received;
    }

    public static AttackVerdict VerdictOf(List<WireFrame> frames) =>
        frames.Exists(static frame => frame.Type == 'X') ? AttackVerdict.Ended
        : frames.Exists(IsRefusal) ? AttackVerdict.Refused
        : frames.Exists(static frame => frame.Type == WireFrame.ErrorResponse) ? AttackVerdict.Failed
        : frames.Exists(static frame => frame.Type is 'D' or 'A' or 'N' or 'd') ? AttackVerdict.Masked
        : AttackVerdict.Harmless;

    private static bool IsRefusal(WireFrame frame) =>
        frame.Type == WireFrame.ErrorResponse && (frame.Field('D')?.StartsWith("phigate code=", StringComparison.Ordinal) ?? false);
}
