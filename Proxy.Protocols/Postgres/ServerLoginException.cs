namespace Proxy.Protocols.Postgres;

/// <summary>The server did not let us in, or is not one that we can serve. <see cref="ErrorResponse"/> is the server's own, when it gave one.</summary>
public sealed class ServerLoginException(string message, byte[]? errorResponse = null) : Exception(message)
{
    /// <summary>Body of the server's ErrorResponse.</summary>
    public byte[]? ErrorResponse { get; } = errorResponse;
}
