using Proxy.Core.Journal.Records;

namespace Proxy.Core.Journal.Answers;

/// <summary>How much is kept of answers of one sort.</summary>
/// <param name="Mode">Digest, rows or full.</param>
/// <param name="RowsMax">For <see cref="AnswerMode.Rows"/>.</param>
public readonly record struct AnswerRetention(AnswerMode Mode, int RowsMax = 0);
