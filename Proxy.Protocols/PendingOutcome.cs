using Proxy.Core.Journal.Records;

namespace Proxy.Protocols;

/// <summary>An outcome that is known and waits for the end of its answer. One for each session, filled again and again.</summary>
internal sealed class PendingOutcome
{
    /// <summary>Longer ones there are none of: a tag is a few words and numbers.</summary>
    private const int TextBytesMax = 64;

    private readonly byte[] _tag = new byte[TextBytesMax];
    private readonly byte[] _sqlState = new byte[TextBytesMax];
    private int _tagBytes;
    private int _sqlStateBytes;
    private long _statement;
    private OutcomeStatus _status;
    private long _rows;
    private long _bytes;
    private int _maskedColumns;
    private TimeSpan _elapsed;

    public bool IsSet { get; private set; }

    /// <summary>False when there is one already, or the texts are too long: then it is recorded without its answer.</summary>
    public bool TrySet(
        long statement, OutcomeStatus status, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> sqlState, long rows, long bytes, int maskedColumns, TimeSpan elapsed)
    {
        if (IsSet || tag.Length > TextBytesMax || sqlState.Length > TextBytesMax) return false;
        tag.CopyTo(_tag);
        sqlState.CopyTo(_sqlState);
        (_tagBytes, _sqlStateBytes) = (tag.Length, sqlState.Length);
        (_statement, _status, _rows, _bytes, _maskedColumns, _elapsed) = (statement, status, rows, bytes, maskedColumns, elapsed);
        return IsSet = true;
    }

    public OutcomeRecord With(Guid sessionId, AnswerCapture answers) => new()
    {
        SessionId = sessionId,
        Statement = _statement,
        Status = _status,
        CommandTag = _tag.AsSpan(0, _tagBytes),
        SqlState = _sqlState.AsSpan(0, _sqlStateBytes),
        Rows = _rows,
        Bytes = _bytes,
        MaskedColumns = _maskedColumns,
        ElapsedMicroseconds = (long)_elapsed.TotalMicroseconds,
        AnswerMode = answers.Mode,
        IsAnswerCapped = answers.IsCapped,
        AnswerBytes = answers.Bytes,
        Digest = answers.Digest(),
        Answer = answers.Kept,
    };

    public void Clear() => IsSet = false;
}
