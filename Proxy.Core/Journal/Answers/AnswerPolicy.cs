using Proxy.Core.Journal.Records;

namespace Proxy.Core.Journal.Answers;

/// <summary>
/// What is kept of answers. Masked ones in full, because then the record shows exactly what was seen and holds no more PHI than was shown; of
/// unmasked ones a digest, because the journal is no place for a second copy of the database.
/// </summary>
public sealed record AnswerPolicy
{
    public AnswerRetention Masked { get; init; } = new(AnswerMode.Full);

    public AnswerRetention Unmasked { get; init; } = new(AnswerMode.Digest);

    /// <summary>Of one answer, in bytes as the client got them. A record says when there was more.</summary>
    public long BytesMax { get; init; } = 1024 * 1024;

    /// <summary>How many individuals of one kind an answer is recorded with. A record says when there were more.</summary>
    public int SubjectsMax { get; init; } = 4096;
}
