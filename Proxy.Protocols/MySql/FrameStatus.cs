namespace Proxy.Protocols.MySql;

/// <summary>Three-valued framing: malformed input ends the session, incomplete input waits.</summary>
internal enum FrameStatus : byte
{
    Malformed = 0,
    Incomplete,
    Complete,
}
