using System.Net.Http.Headers;

namespace Proxy.Host.Evidence.Streaming;

/// <summary>Posts a batch as an array in JSON; 2xx acknowledges it.</summary>
internal sealed class OcsfSink(HttpClient client, Uri url, string? token) : IRecordSink
{
    private static readonly MediaTypeHeaderValue ContentType = new("application/json", "utf-8");

    public byte[] Format(in StreamedRecord record) => OcsfEvent.Of(record);

    public async Task SendAsync(IReadOnlyList<byte[]> messages, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        for (var i = 0; i < messages.Count; i++)
        {
            body.WriteByte(i == 0 ? (byte)'[' : (byte)',');
            body.Write(messages[i]);
        }
        body.WriteByte((byte)']');
        body.Position = 0;
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StreamContent(body) { Headers = { ContentType = ContentType } } };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new IOException($"it answered {(int)answer.StatusCode}");
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
