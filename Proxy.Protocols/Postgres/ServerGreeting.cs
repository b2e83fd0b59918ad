using System.Collections.Frozen;

namespace Proxy.Protocols.Postgres;

/// <summary>What the server said between accepting us and its first ReadyForQuery.</summary>
/// <param name="Messages">Everything for the client, in order, without BackendKeyData and ReadyForQuery.</param>
/// <param name="Parameters">The ParameterStatus values.</param>
/// <param name="CancelKey">The server's process id and secret: never shown to the client.</param>
public sealed record ServerGreeting(byte[] Messages, FrozenDictionary<string, string> Parameters, CancelTicket CancelKey);
