namespace Proxy.Protocols;

/// <summary>Decides who comes in, and to what. The host implements it with tokens, rules and targets.</summary>
public interface IGatekeeper
{
    /// <param name="request">What the client asked for.</param>
    /// <param name="token">The secret it sent, in UTF-8; cleared by the caller afterwards.</param>
    /// <param name="cancellationToken">Ends with the connection.</param>
    ValueTask<Admission> AdmitAsync(SignInRequest request, ReadOnlyMemory<byte> token, CancellationToken cancellationToken);
}
