namespace Proxy.Protocols;

/// <summary>TLS that failed, on either leg: what to call it, and its count, which an operator has an alarm on.</summary>
internal static class TlsIncidents
{
    public const string Client = "client";
    public const string Server = "server";

    /// <summary>Whether a leg that has ended was broken rather than closed.</summary>
    public static bool IsBroken(IConnection connection) => connection.End is ConnectionEnd.TlsFailure;

    /// <summary>Counts and names a leg whose TLS was broken under a session: for the relays it was just over.</summary>
    public static SessionEnd? BrokenLegOf(IConnection client, IConnection server)
    {
        if (IsBroken(server))
        {
            Count(Server, TlsHandshakeFailure.Broken);
            return SessionEnd.ServerTlsBroken;
        }

        if (!IsBroken(client)) return null;
        Count(Client, TlsHandshakeFailure.Broken);
        return SessionEnd.ClientTlsBroken;
    }

    public static void Count(string leg, Exception reason) => Count(leg, reason switch
    {
        BytesBeforeTlsException => TlsHandshakeFailure.BytesBefore,
        TlsHandshakeException handshake => handshake.Failure,
        _ => TlsHandshakeFailure.Protocol,
    });

    public static void Count(string leg, TlsHandshakeFailure failure) => ProtocolMetrics.TlsFailures.Add(
        1, new KeyValuePair<string, object?>("leg", leg), new KeyValuePair<string, object?>("reason", NameOf(failure)));

    private static string NameOf(TlsHandshakeFailure failure) => failure switch
    {
        TlsHandshakeFailure.Timeout => "timeout",
        TlsHandshakeFailure.PeerClosed => "peer-closed",
        TlsHandshakeFailure.CertificateRejected => "certificate-rejected",
        TlsHandshakeFailure.ApplicationProtocolMissing => "alpn",
        TlsHandshakeFailure.NotConfigured => "not-configured",
        TlsHandshakeFailure.NotOffered => "not-offered",
        TlsHandshakeFailure.BytesBefore => "bytes-before",
        TlsHandshakeFailure.Broken => "broken",
        _ => "handshake",
    };
}
