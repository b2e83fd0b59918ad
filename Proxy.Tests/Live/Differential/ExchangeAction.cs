namespace Proxy.Tests.Live.Differential;

/// <summary>What one line of an exchange does.</summary>
public enum ExchangeAction
{
    /// <summary>Sends the bytes; with those of the lines around it, until a line receives.</summary>
    Send,

    /// <summary>Receives frames of exactly the given types, in this order.</summary>
    Receive,

    /// <summary>Receives until the other side closes.</summary>
    ReceiveToEnd,

    /// <summary>Waits until the session's statement sleeps in the server, then asks on another connection to cancel it.</summary>
    Cancel,

    /// <summary>
    /// By design: through the gateway, what was sent is refused with the code in the step's text, and the exchange ends here. Directly it goes on.
    /// </summary>
    Refused,

    /// <summary>The same where the session is ended.</summary>
    Ended,

    /// <summary>Runs a statement in another session, directly on the server.</summary>
    Other,
}
