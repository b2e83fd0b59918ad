using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Proxy.Host.DataPlane;

namespace Proxy.Host.ControlPlane;

/// <summary>/healthz: this process lives. /readyz: new sessions are welcome, or why not. /metrics: the data plane's, as Prometheus text.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);

    public static void Map(WebApplication web, ControlSocketClient dataPlane)
    {
        web.MapGet("/healthz", () => Results.Text("{\"status\":\"alive\"}", "application/json"));
        web.MapGet("/readyz", (CancellationToken aborted) => ReadyAsync(dataPlane, aborted));
        web.MapGet("/metrics", (CancellationToken aborted) => MetricsAsync(dataPlane, aborted));
    }

    private static async Task<IResult> ReadyAsync(ControlSocketClient dataPlane, CancellationToken aborted)
    {
        var (answer, fault) = await AskAsync(dataPlane, "status", aborted);
        var readiness = answer is null
            ? DataPlaneReadiness.NotReady(fault)
            : JsonSerializer.Deserialize<DataPlaneReadiness>(answer) ?? DataPlaneReadiness.NotReady("The data plane's answer is empty");
        var body = JsonSerializer.Serialize(new { status = readiness.IsReady ? "ready" : "not ready", reasons = readiness.Reasons });
        return Results.Text(
            body, "application/json", statusCode: readiness.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> MetricsAsync(ControlSocketClient dataPlane, CancellationToken aborted)
    {
        var (answer, fault) = await AskAsync(dataPlane, "metrics", aborted);
        return answer is null
            ? Results.Text(fault, "text/plain", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text(answer, "text/plain; version=0.0.4");
    }

    private static async Task<(string? Answer, string Fault)> AskAsync(ControlSocketClient dataPlane, string request, CancellationToken aborted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        patience.CancelAfter(AnswerTimeout);
        try
        {
            return (await dataPlane.AskAsync(request, patience.Token), "");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return (null, $"The data plane does not answer: {e.Message}");
        }
    }
}
