namespace Proxy.Protocols.MySql;

/// <summary>How far the answers to a text of several statements have come; guarded by the ledger's lock.</summary>
/// <param name="LastSequence">The number of the packet that the client has got last.</param>
/// <param name="HasFailed">A statement has failed, or was refused: nothing behind it runs.</param>
internal readonly record struct BatchState(byte LastSequence, bool HasFailed);
