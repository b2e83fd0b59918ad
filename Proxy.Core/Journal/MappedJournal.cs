using System.Runtime.CompilerServices;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Recovery;
using Proxy.Core.Journal.Replication;
using Proxy.Core.Journal.Segments;

namespace Proxy.Core.Journal;

/// <summary>
/// The journal in memory-mapped segment files (docs/journal-format.md). An append reserves number and place with one compare-and-swap, writes into
/// the mapping, and publishes the length last; from then on the page cache has it and the process may die. It takes no lock, makes no system call
/// and allocates nothing, except once per full segment, when it wakes the task that prepares the next one.
/// </summary>
public sealed class MappedJournal : IJournal, IAsyncDisposable
{
    private readonly SegmentChain _chain;
    private readonly SegmentKeeper _keeper;
    private readonly DirectoryLock _directoryLock;
    private readonly TimeProvider _time;
    private readonly int _bodyBytesMax;
    private readonly CancellationTokenSource _stopKeeping = new();
    private readonly Task _keeping;
    private readonly JournalNotary? _notary;
    private readonly HeadKeeper? _heads;
    private readonly JournalReplicator? _replicator;
    private readonly Task _signing;
    private readonly Durability _durability;
    private readonly int _sealBytes;

    private MappedJournal(
        SegmentChain chain, SegmentKeeper keeper, DirectoryLock directoryLock, JournalNotary? notary, HeadKeeper? heads, JournalReplicator? replicator,
        JournalOptions options, TimeProvider time)
    {
        _replicator = replicator;
        _notary = notary;
        _heads = heads;
        _durability = options.Evidence?.Durability ?? Durability.Written;
        _sealBytes = chain.Current!.SealBytes;
        _chain = chain;
        _keeper = keeper;
        _directoryLock = directoryLock;
        _time = time;
        _bodyBytesMax = options.BodyBytesMax;
        _keeping = Task.Run(() => _keeper.RunAsync(_stopKeeping.Token));
        _notary?.Start();
        _replicator?.Start();
        _signing = heads is null ? Task.CompletedTask : Task.Run(() => heads.RunAsync(_stopKeeping.Token));
    }

    /// <summary>What the opening found.</summary>
    public required RecoveryReport Recovery { get; init; }

    /// <summary>The longest body that is accepted, in bytes.</summary>
    public int BodyBytesMax => _bodyBytesMax;

    /// <summary>How full the journal is; for metrics. All zero once closed.</summary>
    public JournalFigures Figures
    {
        get
        {
            if (_chain.Current is not { } current)
                return default;
            int ready = 0;
            for (MappedSegment? next = current.Next; next is not null; next = next.Next)
                ready++;
            return new JournalFigures(current.NextNumber - Recovery.NextRecord, current.Number, current.NextOffset, ready);
        }
    }

    /// <summary>How the second copy does; null when there is to be none.</summary>
    public ReplicaFigures? Replica => _replicator?.Figures;

    /// <summary>For readiness: whether the next statement can be recorded.</summary>
    public JournalState State
    {
        get
        {
            if (_chain.Current is not { } current)
                return JournalState.Closed;
            if (IsShut || (current.Next is null && current.Remaining < _bodyBytesMax + RecordHeader.Bytes))
                return JournalState.Full;
            return (_keeper.Failure ?? _heads?.Failure) is null && !_keeping.IsFaulted && !_signing.IsFaulted ? JournalState.Ready : JournalState.Degraded;
        }
    }

    /// <summary>One line for people when <see cref="State"/> is not Ready; else null.</summary>
    public string? Reason => State switch
    {
        JournalState.Ready => null,
        JournalState.Closed => "The journal is closed.",
        _ => _notary?.Failure ?? _replicator?.Outage ?? _keeper.Failure ?? _heads?.Failure ?? (_keeping.Exception ?? _signing.Exception)?.GetBaseException().Message
            ?? "The next journal segment is still being prepared.",
    };

    /// <summary>
    /// Takes ownership of the directory (made if missing), recovers what a crashed process left, and begins a new segment. Statements that the
    /// crash left without an outcome get an Outcome of status Unknown.
    /// </summary>
    /// <exception cref="JournalInUseException">Another process owns the directory.</exception>
    /// <exception cref="JournalFormatException">A file in it is not what it should be.</exception>
    /// <exception cref="IOException">The directory or the disk refuses.</exception>
    public static Task<MappedJournal> OpenAsync(JournalOptions options, TimeProvider time, CancellationToken cancellation)
    {
        options.Validate();
        return Task.Run(() => OpenDirectoryAsync(options, time, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public bool TryAppend<TRecord>(scoped in TRecord record, out long number) where TRecord : IJournalRecord, allows ref struct
    {
        // A call through `in` on a type parameter copies the whole record each time, because the compiler cannot know that it is read only.
        ref TRecord source = ref Unsafe.AsRef(in record);
        RecordKind kind = source.Kind;
        int bodyBytes = source.Measure();
        if ((uint)bodyBytes <= (uint)_bodyBytesMax && !(IsShut && IsOpening(kind)))
        {
            int sealedBytes = source.SealedBytes;
            int size = RecordHeader.Align(RecordHeader.Bytes + bodyBytes + (sealedBytes == 0 ? 0 : _sealBytes));
            while (_chain.Current is { } segment)
            {
                if (segment.TryReserve(size, kind, out int offset, out number))
                {
                    segment.Write(offset, bodyBytes, sealedBytes, number, _time.GetUtcNow().UtcTicks, ref source);
                    return true;
                }
                if (!_chain.TryMoveOn(segment))
                    break;
            }
        }
        number = 0;
        return false;
    }

    /// <inheritdoc/>
    public ValueTask<bool> WhenDurableAsync(long number, CancellationToken cancellation) =>
        _durability switch
        {
            Durability.Written => new ValueTask<bool>(true),
            Durability.Flushed when _notary is not null => _notary.WhenFlushedAsync(number, cancellation),
            Durability.Replicated when _replicator is not null => _replicator.WhenReplicatedAsync(number, cancellation),
            // What nobody can promise is not: the statement is not forwarded.
            _ => new ValueTask<bool>(false),
        };

    /// <summary>Stops appending, waits for appends under way, and marks the journal as cleanly closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_chain.Stop() is not { } last)
            return;
        try
        {
            await _stopKeeping.CancelAsync();
            await _keeping;
            await _signing;
            if (_notary is not null)
                await _notary.StopAsync();
            await _keeper.CloseAsync(last);
            if (_heads is not null)
                await _heads.CloseAsync();
            if (_replicator is not null)
                await _replicator.StopAsync();
        }
        finally
        {
            _directoryLock.Dispose();
            _stopKeeping.Dispose();
            _notary?.Dispose();
            _replicator?.Dispose();
        }
    }

    /// <summary>The chain has stopped, or the second copy cannot be kept.</summary>
    private bool IsShut => _notary?.Failure is not null || _replicator?.Outage is not null;

    /// <summary>What must not be forwarded while it is shut; how statements ended is still to be told.</summary>
    private static bool IsOpening(RecordKind kind) => kind is RecordKind.Intent or RecordKind.Execution or RecordKind.SessionOpened;

    private static async Task<MappedJournal> OpenDirectoryAsync(JournalOptions options, TimeProvider time, CancellationToken cancellation)
    {
        CreateDirectory(options.Directory);
        DirectoryLock directoryLock = DirectoryLock.Acquire(options.Directory);
        try
        {
            RecoveryReport report = JournalRecovery.Run(options, cancellation);
            EvidenceKeeping? keeping = options.Evidence is { } evidence
                ? await EvidenceKeeping.ResumeAsync(evidence, options.Directory, report.JournalId, time, cancellation)
                : null;
            var factory = new SegmentFactory(options, time, report.JournalId, report.NextSegment);
            MappedSegment first = await factory.CreateAsync(report.NextSegment, cancellation);
            first.Begin(report.NextRecord);
            first.NoteBeginning();
            var chain = new SegmentChain(first);
            var keeper = new SegmentKeeper(chain, factory, first, options, time);
            (JournalNotary Notary, HeadKeeper Heads)? behind = keeping?.Begin(first);
            JournalReplicator? replicator = options.Evidence?.Replica is { } replica
                ? new JournalReplicator(replica, options.Directory, report.JournalId, chain, first.Number, time)
                : null;
            var journal = new MappedJournal(chain, keeper, directoryLock, behind?.Notary, behind?.Heads, replicator, options, time) { Recovery = report };
            journal.ConcludeUnknown(report);
            return journal;
        }
        catch
        {
            directoryLock.Dispose();
            throw;
        }
    }

    private static void CreateDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void ConcludeUnknown(RecoveryReport report)
    {
        foreach (UnknownOutcome statement in report.UnknownOutcomes)
        {
            var outcome = new Records.OutcomeRecord
            {
                SessionId = statement.SessionId,
                Statement = statement.Number,
                Status = Records.OutcomeStatus.Unknown,
            };
            // No room is no reason to stay closed: the report still names the rest, and the next recovery finds them again.
            if (!TryAppend(in outcome, out _))
                return;
        }
    }
}
