using System.Text.Json;
using System.Text.Json.Serialization;
using Proxy.Core.Policy;
using Proxy.Host.Identity;
using Proxy.Host.Identity.Credentials;
using Proxy.Host.Identity.Revocation;

namespace Proxy.Host.DataPlane;

/// <summary>Answers the control plane's calls with the two desks.</summary>
/// <param name="desk">Null where no token is traded.</param>
/// <param name="operators">Revokes.</param>
/// <param name="issuerUrl">The URL of an issuer that an operator names.</param>
internal sealed class ControlCalls(CredentialDesk? desk, OperatorDesk operators, Func<string, string> issuerUrl) : IControlCalls
{
    public static JsonSerializerOptions Format { get; } = new() { Converters = { new JsonStringEnumConverter() } };

    public async Task<string?> CallAsync(string name, string body, CancellationToken cancellationToken)
    {
        try
        {
            return name switch
            {
                ControlCall.IssueCredential when desk is not null => JsonOnce(await desk.IssueAsync(Read<DeskCall>(body), cancellationToken)),
                ControlCall.Identify when desk is not null => Json(await desk.IdentityAsync(Read<DeskCall>(body), cancellationToken)),
                ControlCall.ReturnCredential when desk is not null => Json(await ReturnAsync(desk, Read<DeskCall>(body), cancellationToken)),
                ControlCall.Revoke => Json(await RevokeAsync(Read<RevokeCall>(body))),
                ControlCall.ListRevocations => Json(operators.Revocations),
                ControlCall.ListSessions => Json(operators.Sessions),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null; // Its text can quote the body, which can hold a token.
        }
    }

    private Task<RevokeReply> RevokeAsync(RevokeCall call) =>
        operators.RevokeAsync(call with { Issuer = call.Issuer is { } issuer ? issuerUrl(issuer) : null });

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

    private static T Read<T>(string body) => JsonSerializer.Deserialize<T>(body, Format) ?? throw new JsonException();

    /// <summary>The answer is the only place where the password stays, and whoever sends it clears it.</summary>
    private static string JsonOnce(DeskReply reply)
    {
        var json = Json(reply);
        if (reply.Credential is { } credential)
            SecretText.Clear(credential.Password);
        return json;
    }

    private static string Json<T>(T answer) => JsonSerializer.Serialize(answer, Format);
}
