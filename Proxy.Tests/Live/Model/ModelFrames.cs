using System.Buffers.Binary;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Model;

/// <summary>Compares what the two runs received. A refusal stands where the other run has the error of the message that was bound to fail.</summary>
internal static class ModelFrames
{
    /// <returns>What differs, or null.</returns>
    public static string? Difference(IReadOnlyList<WireFrame> gateway, IReadOnlyList<WireFrame> direct)
    {
        for (var i = 0; i < Math.Max(gateway.Count, direct.Count); i++)
        {
            if (i < gateway.Count && i < direct.Count && IsSame(gateway[i], direct[i])) continue;
            return $"frame {i}:\n  gateway: {(i < gateway.Count ? gateway[i] : "nothing")}\n  direct:  {(i < direct.Count ? direct[i] : "nothing")}\n"
                + $"gateway: {Types(gateway)}\ndirect:  {Types(direct)}";
        }

        return null;
    }

    public static bool IsRefusal(WireFrame frame) =>
        frame.Type == WireFrame.ErrorResponse && frame.Field('D')?.StartsWith("phigate code=", StringComparison.Ordinal) == true;

    private static bool IsSame(WireFrame gateway, WireFrame direct)
    {
        if (gateway.Type != direct.Type) return false;
        return gateway.Type switch
        {
            // The function with OID 0, a parameter too many, either of them in a failed transaction; or a portal that was run before.
            WireFrame.ErrorResponse when IsRefusal(gateway) => direct.Field('C') is "42883" or "08P01" or "25P02" or "55000" or "34000",
            // A Query or Bind that failed in a block leaves its portal behind, dead but with a name; the gateway takes it for none.
            WireFrame.ErrorResponse when gateway.Field('C') == "34000" => direct.Field('C') is "34000" or "55000" or "25P02",
            // Behind the Parse of a text that is refused, the transaction's errors say no more than their code.
            WireFrame.ErrorResponse or 'N' when gateway.Field('M')?.EndsWith("(values hidden by PhiGate)", StringComparison.Ordinal) == true =>
                "SVC".All(field => gateway.Field(field) == direct.Field(field)),
            // File, line and routine are the server's: a Describe of the gateway's own can meet the error first.
            WireFrame.ErrorResponse or 'N' => "SVCMDHPpqWstcdn".All(field => gateway.Field(field) == direct.Field(field)),
            'A' => WithoutProcessId(gateway).Equals(WithoutProcessId(direct)),
            _ => gateway.Equals(direct),
        };
    }

    private static WireFrame WithoutProcessId(WireFrame frame)
    {
        byte[] body = [.. frame.Body];
        BinaryPrimitives.WriteInt32BigEndian(body, 0);
        return new WireFrame(frame.Type, body);
    }

    private static string Types(IReadOnlyList<WireFrame> frames) =>
        string.Concat(frames.Select(frame => frame.Type == WireFrame.ReadyForQuery ? $"Z{(char)frame.Body[0]} " : frame.Type.ToString()));
}
