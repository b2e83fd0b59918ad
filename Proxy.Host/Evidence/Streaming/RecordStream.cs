using System.Buffers;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Host.Evidence.Streaming;

/// <summary>
/// Follows a journal and sends the readable part of every record to one receiver, batch by batch, at least once and in order. Reads the files: the
/// data plane knows nothing of it, and never waits for it. What a receiver misses it gets when it is back, from the position that it acknowledged.
/// </summary>
internal sealed class RecordStream(
    string name, string journalDirectory, StreamPosition position, IRecordSink sink, int batchRecordsMax, TimeProvider time, ILogger logger)
{
    private const int BatchBytesMax = 1 << 20;
    private const int SessionsMax = 10_000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(15);

    private readonly Dictionary<Guid, DecodedSessionOpened> _sessions = [];
    private readonly ArrayBufferWriter<byte> _json = new();
    private bool _isFailing;

    public async Task RunAsync(CancellationToken stop)
    {
        var pipeline = Pipeline();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await pipeline.ExecuteAsync(FollowAsync, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>From the acknowledged position on, until something fails.</summary>
    private async ValueTask FollowAsync(CancellationToken stop)
    {
        position.Load();
        _sessions.Clear();
        using var reader = new JournalReader(journalDirectory, firstSegment: position.Segment);
        using var formatter = new JournalFormatter(_json, default);
        var batch = new List<byte[]>();
        while (true)
        {
            var (segment, record, isAtEnd) = Fill(reader, formatter, batch);
            if (position.JournalId != Guid.Empty && reader.JournalId != Guid.Empty && position.JournalId != reader.JournalId)
            {
                // Another journal has taken the place of the one that was streamed: it begins at its beginning.
                position.Save(reader.JournalId, 0, 0);
                return;
            }
            if (batch.Count > 0)
            {
                await SendAsync(batch, stop);
                position.Save(reader.JournalId, segment, record);
                batch.Clear();
            }
            if (isAtEnd) await Task.Delay(PollInterval, time, stop);
        }
    }

    private async Task SendAsync(List<byte[]> batch, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(SendTimeout);
        try
        {
            await sink.SendAsync(batch, patience.Token);
        }
        catch (OperationCanceledException late) when (!stop.IsCancellationRequested)
        {
            throw new IOException("it did not acknowledge in time", late);
        }
        if (_isFailing) Log.StreamResumed(logger, name);
        _isFailing = false;
    }

    private (long Segment, long Record, bool IsAtEnd) Fill(JournalReader reader, JournalFormatter formatter, List<byte[]> batch)
    {
        var (segment, record) = (position.Segment, position.Record);
        for (var bytes = 0; batch.Count < batchRecordsMax && bytes < BatchBytesMax;)
        {
            var step = reader.Read();
            if (step is JournalReadResult.End) return (segment, record, true);
            if (step is not JournalReadResult.Record) continue; // Damage is verify's to tell.
            var decoded = RecordDecoder.Decode(reader.Entry);
            var session = Follow(decoded);
            if (reader.Entry.Number <= record) continue;
            (segment, record) = (reader.Entry.Segment, reader.Entry.Number);
            _json.ResetWrittenCount();
            formatter.Write(reader.Entry);
            batch.Add(sink.Format(StreamedRecord.Of(reader.Entry, decoded, session, _json.WrittenMemory)));
            bytes += batch[^1].Length;
        }
        return (segment, record, false);
    }

    /// <summary>Who is behind the session that a record belongs to.</summary>
    private DecodedSessionOpened? Follow(DecodedRecord record)
    {
        switch (record)
        {
            case DecodedSessionOpened opened:
                if (_sessions.Count < SessionsMax) _sessions[opened.SessionId] = opened;
                return opened;
            case DecodedSessionClosed closed:
                _sessions.Remove(closed.SessionId, out var ended);
                return ended;
            case DecodedIntent intent:
                return _sessions.GetValueOrDefault(intent.SessionId);
            case DecodedExecution execution:
                return _sessions.GetValueOrDefault(execution.SessionId);
            case DecodedRefused refused:
                return _sessions.GetValueOrDefault(refused.SessionId);
            case DecodedOutcome outcome:
                return _sessions.GetValueOrDefault(outcome.SessionId);
            case DecodedSubjects subjects:
                return _sessions.GetValueOrDefault(subjects.SessionId);
            default:
                return null;
        }
    }

    private ResiliencePipeline Pipeline() => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<IOException>().Handle<HttpRequestException>().Handle<UnauthorizedAccessException>(),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(500),
            MaxDelay = RetryDelayMax,
            OnRetry = retry =>
            {
                if (!_isFailing) Log.StreamFails(logger, name, retry.Outcome.Exception?.Message ?? "");
                _isFailing = true;
                return default;
            },
        })
        .Build();
}
