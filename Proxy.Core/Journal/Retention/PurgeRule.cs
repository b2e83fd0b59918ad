namespace Proxy.Core.Journal.Retention;

/// <summary>What is purged when.</summary>
/// <param name="Keep">How old the newest record of a segment must be.</param>
/// <param name="KeepDocumentation">How old a record of documentation must be; where that is longer, it is kept when its segment goes. Null makes no difference.</param>
/// <param name="Step">How much time what is purged must span, so that what is kept of it is not written anew each hour.</param>
/// <param name="KeepContent">How old a record must be for what is sealed in it to be readable no more: no key is kept with it. Null makes no difference.</param>
public sealed record PurgeRule(TimeSpan Keep, TimeSpan? KeepDocumentation = null, TimeSpan Step = default, TimeSpan? KeepContent = null)
{
    internal string Describe(int kept)
    {
        string rule = FormattableString.Invariant($"older than {Keep.TotalDays:0.##} days");
        return KeepDocumentation is { } longer && longer > Keep
            ? FormattableString.Invariant($"{rule}; {kept} records of documentation, not older than {longer.TotalDays:0.##} days, are kept")
            : rule;
    }
}
