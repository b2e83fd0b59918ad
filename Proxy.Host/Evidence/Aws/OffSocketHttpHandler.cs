using Proxy.Host.Transport;

namespace Proxy.Host.Evidence.Aws;

/// <summary>
/// Hands an answer over when all of it is here, on a thread of the pool. The SDK goes on where the headers arrived and reads the body with blocking reads: on a
/// thread that polls sockets the bytes that it waits for would never come, and no session of that thread would get any either.
/// </summary>
internal sealed class OffSocketHttpHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await OffSocketThread.Await(base.SendAsync(request, cancellationToken));
        try
        {
            await OffSocketThread.Await(answer.Content.LoadIntoBufferAsync(cancellationToken));
            await OffSocketThread.Leave();
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }
}
