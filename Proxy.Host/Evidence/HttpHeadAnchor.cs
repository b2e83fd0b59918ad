using System.Net.Http.Headers;
using System.Text;
using Proxy.Core.Journal.Heads;
using Proxy.Host.Transport;

namespace Proxy.Host.Evidence;

/// <summary>Posts each head, as the text it is, to somebody who keeps it: 2xx says that it is kept.</summary>
public sealed class HttpHeadAnchor(HttpClient client, Uri address) : IHeadAnchor
{
    private static readonly MediaTypeHeaderValue ContentType = new("text/plain", "utf-8");

    public string Name => address.GetLeftPart(UriPartial.Path);

    public async Task KeepAsync(SignedHead head, CancellationToken cancellation)
    {
        try
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(head.ToString())) { Headers = { ContentType = ContentType } };
            using var answer = await OffSocketThread.Await(client.PostAsync(address, content, cancellation));
            if (!answer.IsSuccessStatusCode)
                throw new IOException($"it answered {(int)answer.StatusCode}");
        }
        catch (HttpRequestException failure)
        {
            throw new IOException(failure.Message, failure);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException("it did not answer in time", late);
        }
    }
}
