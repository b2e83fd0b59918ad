namespace Proxy.Host.Configuration.Gateway;

/// <summary>How the leg to a target is protected. Zero is the strictest.</summary>
public enum TargetTlsMode : byte
{
    VerifyFull = 0,

    /// <summary>The chain is verified, the name is not.</summary>
    VerifyCa,

    /// <summary>Encrypted to whoever answers.</summary>
    Require,
    Disable,
}
