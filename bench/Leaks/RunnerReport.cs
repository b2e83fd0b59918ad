using System.Text.RegularExpressions;

namespace Proxy.Bench.Leaks;

/// <summary>
/// What a corpus's runner printed, read for one question: is everything that leaked inference that the policy names? A policy that lets PHI be
/// looked up answers by design whether a whole value exists; each case that shows it stands in the policy's inference.txt, with a reason.
/// </summary>
internal sealed partial class RunnerReport
{
    private readonly HashSet<string> _values = [];
    private readonly HashSet<string> _inference = [];
    private int _controlsAsExpected = -1;
    private int _controlsDifferent = -1;

    public void Read(string line)
    {
        if (Leaking().Match(line) is { Success: true } leaking)
            (leaking.Groups["kind"].Value == "values" ? _values : _inference).UnionWith(
                leaking.Groups["ids"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(static id => id != "none"));
        if (Controls().Match(line) is { Success: true } controls)
        {
            _controlsAsExpected = int.Parse(controls.Groups["good"].Value, System.Globalization.CultureInfo.InvariantCulture);
            _controlsDifferent = int.Parse(controls.Groups["bad"].Value, System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    /// <summary>What leaked and is not named; whether the report is whole, the controls included, is asked of <see cref="IsWhole"/>.</summary>
    public IEnumerable<string> Unnamed(IReadOnlySet<string> named) => _values.Concat(_inference.Where(id => !named.Contains(id)));

    /// <summary>Whether every control ran and was as expected.</summary>
    public bool IsWhole => _controlsAsExpected > 0 && _controlsDifferent == 0;

    [GeneratedRegex(@"^leaking ids \((?<kind>values|inference)\): (?<ids>.*)$")]
    private static partial Regex Leaking();

    [GeneratedRegex(@"controls: \d+ run, (?<good>\d+) as expected, (?<bad>\d+) different")]
    private static partial Regex Controls();
}
