using System.Net;
using System.Text.Json;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.ServerCredentials;

/// <summary>Gives credentials as ECS and EKS give them to what runs in a container (AWS_CONTAINER_CREDENTIALS_FULL_URI).</summary>
internal sealed class ContainerCredentialEndpoint : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public ContainerCredentialEndpoint(string accessKey, string secretKey, string sessionToken)
    {
        Url = $"http://127.0.0.1:{FreePort.Next()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync(JsonSerializer.SerializeToUtf8Bytes(new
        {
            AccessKeyId = accessKey,
            SecretAccessKey = secretKey,
            Token = sessionToken,
            Expiration = TimeProvider.System.GetUtcNow().AddHours(6).UtcDateTime.ToString("O"),
        }));
    }

    public string Url { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync(byte[] answer)
    {
        while (_listener.IsListening)
            try
            {
                var context = await _listener.GetContextAsync();
                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync(answer);
                context.Response.Close();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException or IOException)
            {
                // The test is over, or the client has left.
            }
    }
}
