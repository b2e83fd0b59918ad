namespace Proxy.Host.Evidence.Streaming;

/// <summary>Whoever gets the stream of records.</summary>
internal interface IRecordSink : IAsyncDisposable
{
    /// <summary>What one record becomes. Always of the readable part: the stream has no keys.</summary>
    byte[] Format(in StreamedRecord record);

    /// <summary>Comes back when the receiver has all of them.</summary>
    /// <exception cref="IOException">It has not, or nobody knows: the same batch is to be sent again.</exception>
    Task SendAsync(IReadOnlyList<byte[]> messages, CancellationToken cancellationToken);
}
