using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Proxy.Core.Policy;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Has a client prove who it is, by the method that the gatekeeper names: a token as the password, SCRAM, or OAUTHBEARER
/// (https://www.postgresql.org/docs/current/sasl-authentication.html). Secrets are cleared when they have been looked at.
/// </summary>
internal sealed class PostgresSignIn(IConnection client, IGatekeeper gatekeeper, Limits limits)
{
    /// <summary>PG_MAX_SASL_MESSAGE_LENGTH of PostgreSQL's auth-scram.c.</summary>
    private const int ScramBytesMax = 1024;

    private const int SaslRequest = 10;
    private const int SaslContinue = 11;
    private const int SaslFinal = 12;

    /// <summary>The gatekeeper's answer, or null when the client left.</summary>
    /// <exception cref="ProtocolViolationException">The client did not answer what it was asked.</exception>
    public async Task<Admission?> RunAsync(SignInRequest request, CancellationToken cancellationToken) => gatekeeper.MethodFor(request) switch
    {
        SignInMethod.Scram => await ByScramAsync(request, cancellationToken),
        SignInMethod.OAuthBearer => await ByOAuthAsync(request, cancellationToken),
        _ => await ByTokenAsync(request, cancellationToken),
    };

    private async Task<Admission?> ByTokenAsync(SignInRequest request, CancellationToken cancellationToken)
    {
        await SendAsync(new MessageWriter().Begin(BackendCode.Authentication).Int32(3).End().ToArray(), cancellationToken);
        var body = await ReadAsync(limits.PasswordBytesMax, cancellationToken);
        if (body is null) return null;
        try
        {
            if (body is not [.., 0]) throw new ProtocolViolationException("a password was expected");
            return await gatekeeper.AdmitAsync(request, body.AsMemory(0, body.Length - 1), cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private async Task<Admission?> ByScramAsync(SignInRequest request, CancellationToken cancellationToken)
    {
        var endPoint = client.EndPointCertificate is { } certificate && TlsServerEndPoint.IsDefinedFor(certificate)
            ? TlsServerEndPoint.HashOf(certificate)
            : null;
        var scram = new ScramServer(gatekeeper.VerifierFor(request), endPoint, Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)));
        string[] offered = endPoint is null ? [ScramServer.Mechanism] : [ScramServer.MechanismPlus, ScramServer.Mechanism];
        await OfferAsync(offered, cancellationToken);
        if (await ReadAsync(ScramBytesMax, cancellationToken) is not { } initial) return null;
        var (mechanism, response) = InitialResponse(initial);
        if (response.IsEmpty) throw new ProtocolViolationException("SCRAM: the first message is missing");
        await SendSaslAsync(SaslContinue, scram.Answer(mechanism, Encoding.UTF8.GetString(response.Span)), cancellationToken);
        if (await ReadAsync(ScramBytesMax, cancellationToken) is not { } final) return null;
        var serverFinal = scram.Verify(Encoding.UTF8.GetString(final));
        var admission = await gatekeeper.AdmitCredentialAsync(request, isProven: serverFinal is not null, cancellationToken);
        if (admission.Refusal is null && serverFinal is null)
            admission = Admission.Refused(Refusals.InternalFault.Because("admitted without a proof"), "admitted without a proof");
        if (admission.Refusal is null) await SendSaslAsync(SaslFinal, serverFinal!, cancellationToken);
        return admission with { Method = mechanism.ToLowerInvariant() };
    }

    private async Task<Admission?> ByOAuthAsync(SignInRequest request, CancellationToken cancellationToken)
    {
        await OfferAsync([OAuthBearer.Mechanism], cancellationToken);
        if (await ReadAsync(limits.PasswordBytesMax, cancellationToken) is not { } initial) return null;
        byte[] token = [];
        try
        {
            var (mechanism, response) = InitialResponse(initial);
            if (mechanism != OAuthBearer.Mechanism) throw new ProtocolViolationException("OAUTHBEARER: the mechanism was not offered");
            token = OAuthBearer.TokenOf(response.Span);
            // libpq asks with an empty token where to get one, and connects again: that is no attempt of anybody.
            var admission = token.Length == 0
                ? Admission.Refused(Refusals.SignInFailed.Because("no token yet"), "the client asked where to get a token")
                : await gatekeeper.AdmitAsync(request, token, cancellationToken);
            if (admission.Refusal is not null)
            {
                // The client acknowledges the challenge with one byte before it can be told the error (RFC 7628 §3.2.3).
                await SendSaslAsync(SaslContinue, gatekeeper.OAuthChallenge, cancellationToken);
                if (await ReadAsync(ScramBytesMax, cancellationToken) is null) return admission;
            }

            return admission with { Method = "oauthbearer" };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(token);
            CryptographicOperations.ZeroMemory(initial);
        }
    }

    /// <summary>SASLInitialResponse: a mechanism, a length (-1: nothing), so many bytes.</summary>
    private static (string Mechanism, ReadOnlyMemory<byte> Response) InitialResponse(byte[] body)
    {
        var end = Array.IndexOf(body, (byte)0);
        if (end < 0 || body.Length < end + 1 + sizeof(int)) throw new ProtocolViolationException("malformed SASLInitialResponse");
        var length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(end + 1));
        var response = body.AsMemory(end + 1 + sizeof(int));
        if (length < -1 || response.Length != Math.Max(length, 0)) throw new ProtocolViolationException("malformed SASLInitialResponse");
        return (Encoding.ASCII.GetString(body, 0, end), response);
    }

    private async Task<byte[]?> ReadAsync(int bytesMax, CancellationToken cancellationToken)
    {
        var (type, body) = await PacketReader.ReadAsync(client.Input, bytesMax, cancellationToken);
        if (body is null || type is FrontendCode.Password) return body;
        CryptographicOperations.ZeroMemory(body);
        throw new ProtocolViolationException("a password was expected");
    }

    private Task OfferAsync(string[] mechanisms, CancellationToken cancellationToken)
    {
        var writer = new MessageWriter().Begin(BackendCode.Authentication).Int32(SaslRequest);
        foreach (var mechanism in mechanisms)
            writer.CString(mechanism);
        return SendAsync(writer.Byte(0).End().ToArray(), cancellationToken);
    }

    private Task SendSaslAsync(int code, string text, CancellationToken cancellationToken) =>
        SendAsync(new MessageWriter().Begin(BackendCode.Authentication).Int32(code).Bytes(Encoding.UTF8.GetBytes(text)).End().ToArray(), cancellationToken);

    private async Task SendAsync(byte[] bytes, CancellationToken cancellationToken) => await client.Output.WriteAsync(bytes, cancellationToken);
}
