using System.Security.Cryptography;
using Proxy.Core.Policy;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Has a client send its secret inside TLS: switched to caching_sha2_password and asked for full authentication, every driver does, without a setting
/// (facts: run against seven). The secret is a token, or the password of a one-time credential; it is cleared when it has been looked at.
/// </summary>
internal sealed class MySqlSignIn(IConnection client, MySqlPacketReader packets, IGatekeeper gatekeeper, Limits limits)
{
    public const string Plugin = "caching_sha2_password";

    private const byte PerformFullAuthentication = 4;

    /// <summary>The gatekeeper's answer, or null when the client left.</summary>
    /// <exception cref="ProtocolViolationException">The client did not answer what it was asked.</exception>
    public async Task<Admission?> RunAsync(SignInRequest request, CancellationToken cancellationToken)
    {
        await client.Output.WriteAsync(AuthSwitch.Encode(packets.Sequence++, Plugin, MySqlStartup.NewScramble()), cancellationToken);
        // Its proof against the scramble; empty when it has no password. It proves nothing to us, who know no password.
        if (await packets.ReadAsync(limits.PasswordBytesMax, cancellationToken) is not { } proof) return null;
        CryptographicOperations.ZeroMemory(proof.AsSpan(Math.Min(1, proof.Length))); // A driver that is set to send passwords in clear has done so already.
        if (proof is [] or [0]) return Admission.Refused(Refusals.SignInFailed.Because("no password"), "no password");
        await client.Output.WriteAsync(
            new PacketWriter().Begin(packets.Sequence++).Byte(ReplyCode.AuthMoreData).Byte(PerformFullAuthentication).End().ToArray(), cancellationToken);
        if (await packets.ReadAsync(limits.PasswordBytesMax, cancellationToken) is not { } secret) return null;
        try
        {
            // Some drivers leave the zero at its end out.
            return await AdmitAsync(request, secret is [.., 0] ? secret.AsMemory(0, secret.Length - 1) : secret, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private async Task<Admission> AdmitAsync(SignInRequest request, ReadOnlyMemory<byte> secret, CancellationToken cancellationToken)
    {
        if (gatekeeper.MethodFor(request) is not SignInMethod.Scram) return await gatekeeper.AdmitAsync(request, secret, cancellationToken);
        var verifier = gatekeeper.VerifierFor(request);
        var isProven = await Task.Run(() => verifier.Verifies(secret.Span), cancellationToken); // Deriving the key would hold up the socket thread.
        var admission = await gatekeeper.AdmitCredentialAsync(request, isProven, cancellationToken);
        return admission.Refusal is null && !isProven
            ? Admission.Refused(Refusals.InternalFault.Because("admitted without a proof"), "admitted without a proof")
            : admission with { Method = Plugin };
    }
}
