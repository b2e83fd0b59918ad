using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>A session at the server that has been logged in to.</summary>
/// <param name="Version">As in its greeting.</param>
/// <param name="ThreadId">The server's own.</param>
/// <param name="Status">Of its last OK.</param>
/// <param name="State">By what it reads texts.</param>
/// <param name="SetupText">What began it; see <see cref="SessionSetup"/>.</param>
internal sealed record ServerSession(string Version, uint ThreadId, ServerStatus Status, ServerSessionState State, byte[] SetupText);
