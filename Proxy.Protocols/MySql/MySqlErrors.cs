using System.Text;
using Proxy.Core.Masking.Errors;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Policy;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>Passes the server's errors on: in its words, or, where they can hold values of PHI, by number, SQLSTATE and a text of our own.</summary>
internal static class MySqlErrors
{
    public static void Forward(in ReplyFrame frame, in ErrorPacket error, Judgement? judgement, Outbound toClient)
    {
        // Without a judgement nothing says that the error may pass: PING, KILL and their like, whose errors name the server's own threads.
        if (judgement?.TreatmentOf(error.Number) is ErrorTreatment.Verbatim)
        {
            toClient.Forward(frame.Start, frame.Length);
            return;
        }

        var state = Encoding.ASCII.GetString(error.SqlState);
        if (!IsSqlState(state)) state = "HY000"; // SIGNAL can put any five characters there.
        toClient.Insert(ErrorPacket.Encode(frame.Sequence, error.Number, state, MySqlMessages.For(error.Number, state)));
    }

    private static bool IsSqlState(string state) => state.Length == 5 && state.All(static c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));
}
