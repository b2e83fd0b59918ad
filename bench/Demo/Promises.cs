namespace Proxy.Bench.Demo;

/// <summary>What the demonstration claims, each checked as it is shown. A demonstration that breaks one ends with an error.</summary>
internal sealed class Promises
{
    private readonly List<string> _broken = [];

    public int Count { get; private set; }

    public IReadOnlyList<string> Broken => _broken;

    public void Expect(bool isKept, string promise)
    {
        Count++;
        if (!isKept)
            _broken.Add(promise);
    }
}
