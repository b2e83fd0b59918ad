using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Proxy.Core.Policy;
using Proxy.Host.Identity.Credentials;
using Proxy.Host.Identity.Revocation;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.DataPlane;

/// <summary>Answers the control plane's calls with the two desks.</summary>
/// <param name="desk">Null where no token is traded.</param>
/// <param name="operators">Revokes.</param>
/// <param name="issuerUrl">The URL of an issuer that an operator names, or whose URL it gives; null when no such issuer is trusted.</param>
internal sealed class ControlCalls(CredentialDesk? desk, OperatorDesk operators, Func<string, string?> issuerUrl) : IControlCalls
{
    public static JsonSerializerOptions Format { get; } = new() { Converters = { new JsonStringEnumConverter() } };

    public async Task<bool> CallAsync(string name, ReadOnlyMemory<byte> body, IBufferWriter<byte> answer, CancellationToken cancellationToken)
    {
        try
        {
            object? reply = name switch
            {
                ControlCall.IssueCredential when desk is { } open => await WithTokenAsync(body, call => open.IssueAsync(call, cancellationToken)),
                ControlCall.Identify when desk is { } open => await WithTokenAsync(body, call => open.IdentityAsync(call, cancellationToken)),
                ControlCall.ReturnCredential when desk is { } open => await WithTokenAsync(body, call => ReturnAsync(open, call, cancellationToken)),
                ControlCall.Revoke => await RevokeAsync(Read<RevokeCall>(body)),
                ControlCall.ListRevocations => operators.Revocations,
                ControlCall.ListSessions => operators.Sessions,
                _ => null,
            };
            if (reply is null)
                return false;
            Write(answer, reply);
            SecretBytes.Clear((reply as DeskReply)?.Credential?.Password);
            return true;
        }
        catch (JsonException)
        {
            return false; // Its text can quote the body, which can hold a token.
        }
    }

    private static async Task<DeskReply> WithTokenAsync(ReadOnlyMemory<byte> body, Func<DeskCall, Task<DeskReply>> answer)
    {
        var call = Read<DeskCall>(body);
        try
        {
            return await answer(call);
        }
        finally
        {
            SecretBytes.Clear(call.Token);
        }
    }

    private async Task<RevokeReply> RevokeAsync(RevokeCall call)
    {
        if (call.Issuer is not { } issuer)
            return await operators.RevokeAsync(call);
        // A misspelt issuer's revocation would be about nobody, and look like one that holds. What stands against an issuer that is gone can be lifted.
        return issuerUrl(issuer) is { } url ? await operators.RevokeAsync(call with { Issuer = url })
            : call.Lifts ? await operators.RevokeAsync(call)
            : RevokeReply.Nothing($"no issuer of gateway.yaml is called {issuer}, nor has this URL; nothing is revoked");
    }

    /// <summary>Whoever holds the token that a credential was given for can end it, and the sessions that it opened.</summary>
    private async Task<DeskReply> ReturnAsync(CredentialDesk from, DeskCall call, CancellationToken cancellationToken)
    {
        var (credential, holder, refusal) = await from.FindOwnAsync(call, cancellationToken);
        if (credential is null || holder is null)
            return DeskReply.Refused(refusal ?? Refusals.CredentialSpent.Because("no such credential"));
        await operators.RevokeAsync(new RevokeCall
        {
            Subject = RevokedSubject.Grant,
            Value = credential.Name,
            By = $"its holder, {holder}",
            Reason = "returned",
        });
        return new DeskReply();
    }

    private static T Read<T>(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize<T>(body.Span, Format) ?? throw new JsonException();

    private static void Write(IBufferWriter<byte> answer, object reply)
    {
        using var writer = new Utf8JsonWriter(answer);
        JsonSerializer.Serialize(writer, reply, reply.GetType(), Format);
    }
}
