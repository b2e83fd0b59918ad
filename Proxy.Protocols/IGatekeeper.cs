using Proxy.Protocols.Postgres;

namespace Proxy.Protocols;

/// <summary>Decides who comes in, and to what. The host implements it with tokens, one-time credentials, rules and targets.</summary>
public interface IGatekeeper
{
    /// <summary>What OAUTHBEARER answers to a token that does not admit: a JSON object that says where to get one (RFC 7628 §3.2.2).</summary>
    string OAuthChallenge => "{\"status\":\"invalid_token\"}";

    /// <summary>How this client is to prove itself: by the form of its user name and by where it connected, never by whether it exists.</summary>
    SignInMethod MethodFor(SignInRequest request) => SignInMethod.Token;

    /// <param name="request">What the client asked for.</param>
    /// <param name="token">The secret it sent, in UTF-8; cleared by the caller afterwards.</param>
    /// <param name="cancellationToken">Ends with the connection.</param>
    ValueTask<Admission> AdmitAsync(SignInRequest request, ReadOnlyMemory<byte> token, CancellationToken cancellationToken);

    /// <summary>What SCRAM proves a password against. For a name that is not known: something that looks the same each time and that nothing proves.</summary>
    ScramVerifier VerifierFor(SignInRequest request) => throw new NotSupportedException("There are no one-time credentials.");

    /// <summary>After SCRAM: uses up one connection of the credential, or says why not.</summary>
    /// <param name="request">What the client asked for.</param>
    /// <param name="isProven">Whether it knows the password.</param>
    /// <param name="cancellationToken">Ends with the connection.</param>
    ValueTask<Admission> AdmitCredentialAsync(SignInRequest request, bool isProven, CancellationToken cancellationToken) =>
        throw new NotSupportedException("There are no one-time credentials.");
}
