using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Proxy.Host.DataPlane;
using Proxy.Host.Identity.Revocation;

namespace Proxy.Host.ControlPlane;

/// <summary>POST /v1/revocations revokes or lifts, GET lists them; GET /v1/sessions lists the live sessions. Who asks is what the kernel says.</summary>
internal static class OperatorEndpoints
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    public static void Map(WebApplication web, ControlSocketClient dataPlane)
    {
        web.MapPost("/v1/revocations", context => ServeAsync(context, async user =>
        {
            var call = await context.Request.ReadFromJsonAsync<RevokeCall>(ControlPlaneJson.Format, context.RequestAborted) ?? throw new JsonException();
            if (call.Value.Length is 0 or > 512 || call.Reason.Length > 512)
                throw new JsonException();
            return await AskAsync<RevokeReply>(context, dataPlane, ControlCall.Revoke, call with { By = user });
        }));
        web.MapGet("/v1/revocations", context => ServeAsync(context, async _ =>
            await AskAsync<AccessRevocation[]>(context, dataPlane, ControlCall.ListRevocations, new object())));
        web.MapGet("/v1/sessions", context => ServeAsync(context, async _ =>
            await AskAsync<SessionListing[]>(context, dataPlane, ControlCall.ListSessions, new object())));
    }

    private static async Task ServeAsync(HttpContext context, Func<string, Task<object>> answer)
    {
        try
        {
            if (PeerCredentials.UserOf(context.Features.Get<IConnectionSocketFeature>()?.Socket) is { } user)
                await context.Response.WriteAsJsonAsync(await answer(user), ControlPlaneJson.Format, context.RequestAborted);
            else
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
        catch (JsonException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    private static async Task<object> AskAsync<T>(HttpContext context, ControlSocketClient dataPlane, string name, object call)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(AnswerTimeout);
        var answer = await dataPlane.CallAsync(name, JsonSerializer.SerializeToUtf8Bytes(call, ControlCalls.Format), patience.Token);
        return JsonSerializer.Deserialize<T>(answer.AsSpan(), ControlCalls.Format) ?? throw new IOException("an empty answer");
    }
}
