namespace Proxy.Tests.Live.Attacks;

/// <summary>How an attack has to end. Whatever the verdict, no canary may come out.</summary>
public enum AttackVerdict
{
    /// <summary>Nothing is refused, rows come.</summary>
    Masked,

    /// <summary>At least one statement gets a refusal of the gateway.</summary>
    Refused,

    /// <summary>At least one statement fails with an error of the server's, scrubbed, and the gateway refuses nothing.</summary>
    Failed,

    /// <summary>Nothing is refused, and nothing comes that would need a mask.</summary>
    Harmless,

    /// <summary>The gateway ends the session.</summary>
    Ended,
}
