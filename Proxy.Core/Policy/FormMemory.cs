using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>What judgements of the forms judged last have in common for all their texts; about 2 KB each. Thread-safe: of two that remember at once, one may be forgotten.</summary>
internal sealed class FormMemory
{
    /// <summary>A text with two numbers of three lengths each has nine forms.</summary>
    private const int FormsMax = 12;

    private ReviewedJudgement?[] _judgements = [];
    private int _next;

    /// <summary>Null when none of this form is known.</summary>
    public ReviewedJudgement? Find(OpenIntegers open)
    {
        var judgements = Volatile.Read(ref _judgements);
        for (var i = 0; i < judgements.Length; i++)
            if (Volatile.Read(ref judgements[i]) is { Analysis.Open: { } other } known && other.IsSameForm(open))
                return known;
        return null;
    }

    /// <summary>Takes the place of an earlier one of its form, or of the one that came first.</summary>
    /// <param name="judgement">As <see cref="ReviewedJudgement.OfForm"/> makes it.</param>
    public void Remember(ReviewedJudgement judgement)
    {
        if (judgement.Analysis.Open is not { } open) return;
        if (_judgements.Length == 0) Volatile.Write(ref _judgements, new ReviewedJudgement?[FormsMax]);
        var judgements = _judgements;
        var known = Array.FindIndex(judgements, other => other?.Analysis.Open is { } form && form.IsSameForm(open));
        Volatile.Write(ref judgements[known >= 0 ? known : (Interlocked.Increment(ref _next) & int.MaxValue) % FormsMax], judgement);
    }
}
