namespace Proxy.Protocols.Postgres;

/// <summary>Three-valued framing: malformed input ends the session, incomplete input waits.</summary>
public enum FrameStatus : byte
{
    Malformed = 0,
    Incomplete,
    Complete,
}
