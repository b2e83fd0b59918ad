namespace Proxy.Core.Journal.Replication;

/// <summary>
/// One connection to the replica, from its greeting to its end. Two threads: whoever calls <see cref="Send"/>, and one of its own for acknowledgements.
/// </summary>
internal sealed class ReplicaConnection : IDisposable
{
    private readonly Stream _stream;
    private readonly ReplicaFrameReader _reader;
    private readonly ReplicaAcknowledgements _acknowledgements;
    private readonly ReplicaFrameWriter _writer;
    private readonly Thread _listening;
    private readonly Action _onCurrent;
    private long _currentAt = long.MaxValue;
    private bool _isListening;
    private volatile string? _failure;

    /// <param name="stream">Taken over.</param>
    /// <param name="acknowledgements">Are told of what the replica has.</param>
    /// <param name="onCurrent">Called once, when the replica has everything that there was at the beginning.</param>
    public ReplicaConnection(Stream stream, ReplicaAcknowledgements acknowledgements, Action onCurrent)
    {
        _stream = stream;
        _acknowledgements = acknowledgements;
        _onCurrent = onCurrent;
        _reader = new ReplicaFrameReader(stream);
        _writer = new ReplicaFrameWriter(stream);
        _listening = new Thread(Listen, 256 * 1024) { IsBackground = true, Name = "journal replica" };
    }

    /// <summary>Why it is of no more use; null while it is.</summary>
    public string? Failure => _failure;

    /// <summary>Agrees with the replica on where to go on.</summary>
    public void Greet(Guid journalId, ReplicaFeed feed)
    {
        _writer.Hello(journalId);
        if (!_reader.Read())
            throw new ReplicaProtocolException("The replica closed the connection: it may not know this gateway's certificate.");
        if (_reader.Kind == ReplicaFrameKind.Refused)
            throw new ReplicaProtocolException(ReasonIn(_reader.Body.Span));
        if (_reader.Kind != ReplicaFrameKind.Welcome)
            throw new ReplicaProtocolException("What answers is no replica.");
        feed.MoveTo(ReplicaWelcome.Read(_reader.Body.Span));
        _acknowledgements.Begin(feed.LastRecord);
        _isListening = true;
        _listening.Start();
    }

    /// <summary>Sends what the replica has not, for whoever waits for it.</summary>
    public void Send(ReplicaFeed feed, TaskCompletionSource? group, bool isClosing, bool isIdle)
    {
        long before = _writer.Sequence;
        feed.BeginTurn(isClosing);
        while (feed.TrySendNext(_writer))
            _acknowledgements.Expect(_writer.Sequence, feed.LastRecord, group: null);
        feed.EndTurn(_writer);
        // The first one says when the replica has caught up; the others, that it is still there.
        if (before == 0)
            Volatile.Write(ref _currentAt, _writer.Sequence + 1);
        if (before == 0 || (isIdle && _writer.Sequence == before))
            _writer.Ping();
        if (group is not null || _writer.Sequence != before)
            _acknowledgements.Expect(_writer.Sequence, feed.LastRecord, group);
    }

    /// <summary>Ends what it is doing, from any thread.</summary>
    public void Abort(string reason)
    {
        _failure ??= reason;
        _stream.Dispose();
        _acknowledgements.Wanted.Set();
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (_isListening)
            _listening.Join();
    }

    private void Listen()
    {
        try
        {
            while (_reader.Read())
            {
                if (_reader.Kind == ReplicaFrameKind.Refused)
                    throw new ReplicaProtocolException(ReasonIn(_reader.Body.Span));
                if (_reader.Kind != ReplicaFrameKind.Acknowledged || _reader.Body.Length != sizeof(long))
                    throw new ReplicaProtocolException("The replica does not speak the protocol.");
                long sequence = System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(_reader.Body.Span);
                _acknowledgements.Acknowledge(sequence);
                if (sequence >= Volatile.Read(ref _currentAt) && Interlocked.Exchange(ref _currentAt, long.MaxValue) != long.MaxValue)
                    _onCurrent();
            }
            Abort("The replica closed the connection.");
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Abort(broken.Message);
        }
    }

    private static string ReasonIn(ReadOnlySpan<byte> body) => $"The replica refuses: {System.Text.Encoding.UTF8.GetString(body)}";
}
