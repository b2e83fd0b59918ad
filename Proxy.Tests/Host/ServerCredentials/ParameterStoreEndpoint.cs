using System.Net;
using System.Text;
using System.Text.Json;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.ServerCredentials;

/// <summary>Answers GetParameter as Systems Manager does, as far as PhiGate asks, and remembers what was asked.</summary>
internal sealed class ParameterStoreEndpoint : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public ParameterStoreEndpoint()
    {
        Url = $"http://127.0.0.1:{FreePort.Next()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    public Dictionary<string, string> Parameters { get; } = [];

    public List<(string Name, bool Decrypts, string Authorization)> Requests { get; } = [];

    /// <summary>An error code in place of an answer.</summary>
    public string? Error { get; set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException or IOException)
            {
                // The test is over, or the client has left.
            }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var request = await JsonDocument.ParseAsync(context.Request.InputStream);
        var name = request.RootElement.GetProperty("Name").GetString()!;
        Requests.Add((name, request.RootElement.GetProperty("WithDecryption").GetBoolean(), context.Request.Headers["Authorization"] ?? ""));
        var error = Error ?? (Parameters.ContainsKey(name) ? null : "ParameterNotFound");
        context.Response.StatusCode = error is null ? 200 : 400;
        context.Response.ContentType = "application/x-amz-json-1.1";
        var body = error is null
            ? JsonSerializer.Serialize(new { Parameter = new { Name = name, Type = "SecureString", Value = Parameters[name] } })
            : JsonSerializer.Serialize(new Dictionary<string, string> { ["__type"] = error, ["message"] = "what AWS says" });
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }
}
