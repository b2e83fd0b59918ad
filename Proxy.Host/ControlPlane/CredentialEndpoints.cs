using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Proxy.Core.Policy;
using Proxy.Host.DataPlane;
using Proxy.Host.Identity;
using Proxy.Host.Identity.Credentials;

namespace Proxy.Host.ControlPlane;

/// <summary>
/// POST /v1/credentials trades the bearer token of the request for a one-time credential, DELETE /v1/credentials/NAME gives one back, GET /v1/whoami
/// says who the token says one is. The data plane answers; this process only carries. Refusals are those of sign-in, as JSON.
/// </summary>
internal static class CredentialEndpoints
{
    private const string Scheme = "Bearer ";

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    public static void Map(WebApplication web, ControlSocketClient dataPlane)
    {
        web.MapPost("/v1/credentials", context => ServeAsync(context, dataPlane, IssueAsync));
        web.MapDelete("/v1/credentials/{name}", context => ServeAsync(context, dataPlane, ReturnAsync));
        web.MapGet("/v1/whoami", context => ServeAsync(context, dataPlane, IdentifyAsync));
    }

    private static async Task ServeAsync(HttpContext context, ControlSocketClient dataPlane, Func<HttpContext, ControlSocketClient, DeskCall, Task<DeskReply>> answer)
    {
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            if (CallOf(context) is not { } call)
            {
                await WriteAsync(context, Refusals.SignInFailed.Because("no bearer token in the header Authorization"));
                return;
            }
            DeskReply reply;
            try
            {
                reply = await answer(context, dataPlane, call);
            }
            finally
            {
                ForgetToken(context, call);
            }
            if (reply.Refusal is { } refusal)
                await WriteAsync(context, refusal);
            else if (reply is { Credential: null, Identity: null })
                context.Response.StatusCode = StatusCodes.Status204NoContent;
            else
                await WriteAsync(context, reply);
        }
        catch (JsonException)
        {
            await WriteAsync(context, Refusals.CredentialNotIssued.Because("the body is not as documented"));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            await WriteAsync(context, Refusals.InternalFault.Because("the data plane does not answer"));
        }
    }

    private static async Task WriteAsync(HttpContext context, DeskReply reply)
    {
        await context.Response.WriteAsJsonAsync((object?)reply.Credential ?? reply.Identity, ControlPlaneJson.Format, context.RequestAborted);
        if (reply.Credential is { } credential)
            SecretText.Clear(credential.Password);
    }

    /// <summary>The texts that the server and we have made of it; nobody looks at them any more.</summary>
    private static void ForgetToken(HttpContext context, DeskCall call)
    {
        SecretText.Clear(call.Token);
        foreach (var header in context.Request.Headers.Authorization)
            if (header is not null)
                SecretText.Clear(header);
        context.Request.Headers.Remove("Authorization");
    }

    private static async Task<DeskReply> IssueAsync(HttpContext context, ControlSocketClient dataPlane, DeskCall call)
    {
        if (!context.Request.HasJsonContentType())
            throw new JsonException();
        var request = await context.Request.ReadFromJsonAsync<CredentialRequest>(ControlPlaneJson.Format, context.RequestAborted) ?? throw new JsonException();
        return await AskAsync(context, dataPlane, ControlCall.IssueCredential, call with { Request = request });
    }

    private static Task<DeskReply> ReturnAsync(HttpContext context, ControlSocketClient dataPlane, DeskCall call) =>
        AskAsync(context, dataPlane, ControlCall.ReturnCredential, call with { Grant = context.Request.RouteValues["name"] as string ?? "" });

    private static Task<DeskReply> IdentifyAsync(HttpContext context, ControlSocketClient dataPlane, DeskCall call) =>
        AskAsync(context, dataPlane, ControlCall.Identify, call);

    private static async Task<DeskReply> AskAsync(HttpContext context, ControlSocketClient dataPlane, string name, DeskCall call)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(AnswerTimeout);
        var body = JsonSerializer.SerializeToUtf8Bytes(call, ControlCalls.Format);
        try
        {
            var answer = await dataPlane.CallAsync(name, body, patience.Token);
            var reply = JsonSerializer.Deserialize<DeskReply>(answer, ControlCalls.Format);
            SecretText.Clear(answer);
            return reply ?? throw new IOException("an empty answer");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private static DeskCall? CallOf(HttpContext context)
    {
        if (context.Request.Headers.Authorization is not [{ } authorization] || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var certificate = context.Connection.ClientCertificate;
        return new DeskCall
        {
            Token = authorization[Scheme.Length..].Trim(' '),
            ClientAddress = context.Connection.RemoteIpAddress is { } address ? new IPEndPoint(address, context.Connection.RemotePort).ToString() : "",
            CertificateThumbprint = certificate is null ? null : Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256)),
        };
    }

    private static Task WriteAsync(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = refusal.SqlState switch
        {
            "28P01" => StatusCodes.Status401Unauthorized,
            "57P03" when refusal.Code == Refusals.SignInThrottled.Code => StatusCodes.Status429TooManyRequests,
            "57P03" or "58030" or "XX000" => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status403Forbidden,
        };
        if (context.Response.StatusCode is StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return context.Response.WriteAsJsonAsync(
            new { code = refusal.Code, message = refusal.Message, why = refusal.Why, retry = refusal.CanRetry, hint = refusal.Instead },
            ControlPlaneJson.Format, context.RequestAborted);
    }
}
