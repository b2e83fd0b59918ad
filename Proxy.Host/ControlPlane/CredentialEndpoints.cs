using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Proxy.Core.Policy;
using Proxy.Host.DataPlane;
using Proxy.Host.Identity.Credentials;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.ControlPlane;

/// <summary>
/// POST /v1/credentials trades the bearer token of the request for a one-time credential, DELETE /v1/credentials/NAME gives one back, GET /v1/whoami
/// says who the token says one is. The data plane answers; this process only carries. Refusals are those of sign-in, as JSON.
/// </summary>
internal static class CredentialEndpoints
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    public static void Map(WebApplication web, ControlSocketClient dataPlane)
    {
        web.Use(ServeOneRequestAsync);
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
                SecretBytes.Clear(call.Token);
            }
            if (reply.Refusal is { } refusal)
                await WriteAsync(context, refusal);
            else if (reply is { Credential: null, Identity: null })
                context.Response.StatusCode = StatusCodes.Status204NoContent;
            else if (reply.Credential is { } credential)
                await WriteOnceAsync(context, credential);
            else
                await context.Response.WriteAsJsonAsync(reply.Identity, ControlPlaneJson.Format, context.RequestAborted);
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

    /// <summary>
    /// A connection serves one request: of a second one that came with it, Kestrel would copy a header that lies in two pieces of memory into arrays that nobody
    /// clears. A header that nobody took, because there is nothing at the address, is forgotten.
    /// </summary>
    private static async Task ServeOneRequestAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.Connection = "close";
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.GetRequiredFeature<HeldAuthorization>().Clear();
        }
    }

    /// <summary>The answer is the only place where the password stays.</summary>
    private static async Task WriteOnceAsync(HttpContext context, CredentialReply credential)
    {
        using var body = new SecretWriter();
        await using (var writer = new Utf8JsonWriter(body))
            JsonSerializer.Serialize(writer, credential, ControlPlaneJson.Format);
        SecretBytes.Clear(credential.Password);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Written.Length;
        await context.Response.Body.WriteAsync(body.Written, context.RequestAborted);
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
        using var body = new SecretWriter();
        await using (var writer = new Utf8JsonWriter(body))
            JsonSerializer.Serialize(writer, call, ControlCalls.Format);
        var answer = await dataPlane.CallAsync(name, body.Written, patience.Token);
        try
        {
            return JsonSerializer.Deserialize<DeskReply>(answer.AsSpan(), ControlCalls.Format) ?? throw new IOException("an empty answer");
        }
        finally
        {
            SecretBytes.Clear(answer);
        }
    }

    private static DeskCall? CallOf(HttpContext context)
    {
        if (context.Features.GetRequiredFeature<HeldAuthorization>().TakeBearer(context.Request.Headers.Authorization.Count) is not { } token)
            return null;
        var certificate = context.Connection.ClientCertificate;
        return new DeskCall
        {
            Token = token,
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
