namespace Proxy.Protocols;

/// <summary>Who ended a session, and how. Logged, counted and recorded once.</summary>
public enum SessionEnd : byte
{
    /// <summary>It goes on.</summary>
    None = 0,
    ClientTerminated,
    ClientDisconnected,
    ClientViolation,
    ServerClosed,
    ServerFatal,
    ServerViolation,

    /// <summary>A setting or a name at the server is no longer what statements are read by.</summary>
    StateUncertain,
    ServerUnreachable,
    SignInRefused,
    Expired,
    Drained,
    TimedOut,
    JournalUnavailable,
    Cancelled,
    Fault,

    /// <summary>Somebody revoked the access that it had.</summary>
    Revoked,

    /// <summary>It was for one request, and a second one came.</summary>
    Spent,

    /// <summary>A TLS record of the client does not verify: something was changed, dropped or repeated on the way.</summary>
    ClientTlsBroken,

    /// <summary>A TLS record of the server does not verify.</summary>
    ServerTlsBroken,

    /// <summary>The client goes on as somebody else, whom the gateway has yet to meet (COM_CHANGE_USER).</summary>
    UserChanged,
}
