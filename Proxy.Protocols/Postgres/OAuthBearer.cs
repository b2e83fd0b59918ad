using System.Text;
using Proxy.Protocols.Secrets;

namespace Proxy.Protocols.Postgres;

/// <summary>The messages of SASL OAUTHBEARER (RFC 7628) that a client sends.</summary>
internal static class OAuthBearer
{
    public const string Mechanism = "OAUTHBEARER";
    private const byte Separator = 0x01;

    /// <summary>
    /// The token of an initial response: <c>n,,^Aauth=Bearer TOKEN^A^A</c>. Empty when the client only asks where to get one, as libpq does at
    /// first.
    /// </summary>
    /// <exception cref="ProtocolViolationException">It is not such a response, or asks to act as somebody else, or to bind the channel.</exception>
    public static byte[] TokenOf(ReadOnlySpan<byte> response)
    {
        if (!response.StartsWith("n,,\u0001"u8) && !response.StartsWith("y,,\u0001"u8))
            throw new ProtocolViolationException("OAUTHBEARER: malformed header");
        var rest = response[4..];
        byte[]? token = null;
        while (!rest.IsEmpty && rest[0] != Separator)
        {
            var end = rest.IndexOf(Separator);
            if (end < 0) throw new ProtocolViolationException("OAUTHBEARER: a pair has no end");
            if (rest[..end].StartsWith("auth="u8))
            {
                if (token is not null) throw new ProtocolViolationException("OAUTHBEARER: auth comes twice");
                token = BearerOf(rest[5..end]);
            }

            rest = rest[(end + 1)..];
        }

        if (rest.Length != 1 || token is null) throw new ProtocolViolationException("OAUTHBEARER: malformed response");
        return token;
    }

    /// <summary>The scheme is compared in any case (RFC 9110 §11.1); what follows is looked at by whoever validates it.</summary>
    private static byte[] BearerOf(ReadOnlySpan<byte> credentials)
    {
        if (credentials.IsEmpty) return [];
        const int SchemeLength = 7;
        if (credentials.Length < SchemeLength || !Encoding.ASCII.GetString(credentials[..SchemeLength]).Equals("Bearer ", StringComparison.OrdinalIgnoreCase))
            throw new ProtocolViolationException("OAUTHBEARER: the scheme is not Bearer");
        return SecretBytes.CopyOf(credentials[SchemeLength..].Trim((byte)' '));
    }
}
