using System.IO.Pipelines;

namespace Proxy.Tests.Support;

/// <summary>A pipe's reader whose pending and further reads complete after <see cref="Abort"/>, as those of a closed socket do.</summary>
internal sealed class AbortableReader(PipeReader inner) : PipeReader
{
    private volatile bool _aborted;

    public void Abort()
    {
        _aborted = true;
        inner.CancelPendingRead();
    }

    public override bool TryRead(out ReadResult result)
    {
        var any = inner.TryRead(out result);
        result = Adjust(result);
        return any || _aborted;
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Adjust(await inner.ReadAsync(cancellationToken));

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private ReadResult Adjust(ReadResult result) => _aborted ? new ReadResult(result.Buffer, isCanceled: false, isCompleted: true) : result;
}
