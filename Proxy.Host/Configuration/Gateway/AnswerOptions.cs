using Proxy.Core.Journal.Answers;
using Proxy.Core.Journal.Records;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>What the record keeps of answers.</summary>
public sealed record AnswerOptions
{
    public AnswerMode Masked { get; init; } = AnswerMode.Full;
    public AnswerMode Unmasked { get; init; } = AnswerMode.Digest;

    /// <summary>For mode rows.</summary>
    public int RowsMax { get; init; } = 100;

    /// <summary>Of one answer.</summary>
    public int BytesMax { get; init; } = 1024 * 1024;

    /// <summary>How many individuals of one kind one answer is recorded with, as codes of 8 bytes.</summary>
    public int SubjectsMax { get; init; } = 4096;

    public AnswerPolicy ToPolicy() => new()
    {
        Masked = new AnswerRetention(Masked, RowsMax),
        Unmasked = new AnswerRetention(Unmasked, RowsMax),
        BytesMax = BytesMax,
        SubjectsMax = SubjectsMax,
    };
}
