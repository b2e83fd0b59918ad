using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Proxy.Host.ControlPlane;
using Proxy.Host.Identity.Revocation;

namespace Proxy.Host.Tools;

/// <summary>The operator's socket of a gateway on this machine.</summary>
internal sealed class OperatorClient : IDisposable
{
    private static readonly Uri Anywhere = new("http://phigate/v1/");

    private readonly HttpClient _http;

    public OperatorClient(string path)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        _http = new HttpClient(handler) { BaseAddress = Anywhere, Timeout = TimeSpan.FromSeconds(30) };
    }

    public async Task<RevokeReply> RevokeAsync(RevokeCall call, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Anywhere, "revocations")) { Content = JsonContent.Create(call, options: ControlPlaneJson.Format) };
        return await AskAsync<RevokeReply>(request, cancellationToken);
    }

    public Task<AccessRevocation[]> RevocationsAsync(CancellationToken cancellationToken) => GetAsync<AccessRevocation[]>("revocations", cancellationToken);

    public Task<SessionListing[]> SessionsAsync(CancellationToken cancellationToken) => GetAsync<SessionListing[]>("sessions", cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Anywhere, path));
        return await AskAsync<T>(request, cancellationToken);
    }

    private async Task<T> AskAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await response.Content.ReadFromJsonAsync<T>(ControlPlaneJson.Format, cancellationToken)
                    ?? throw new ToolException("the gateway's answer is empty"),
                HttpStatusCode.Forbidden => throw new ToolException("only root and the user that the gateway runs as may do this"),
                HttpStatusCode.ServiceUnavailable => throw new ToolException("the data plane does not answer"),
                var status => throw new ToolException($"the gateway answers {(int)status}"),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            throw new ToolException($"no gateway answers on this socket: {exception.Message}", exception);
        }
    }
}
