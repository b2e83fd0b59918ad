namespace Proxy.Protocols;

/// <summary>There is nothing to log in to a server with. The message names where it should have come from, never what came.</summary>
public sealed class ServerCredentialException(string message, Exception? innerException = null) : Exception(message, innerException);
