namespace Proxy.Bench.Demo;

/// <summary>What the demonstration prints: coloured on a terminal, plain in a file or a pipe, or when NO_COLOR is set.</summary>
internal sealed class DemoConsole(TextWriter output)
{
    private readonly bool _isColoured = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public void Step(string title)
    {
        output.WriteLine();
        output.WriteLine(Paint("1;36", title));
    }

    public void Command(string text) => output.WriteLine("  " + Paint("2", text));

    public void Line(string text) => output.WriteLine("  " + text);

    /// <summary>A program's output, indented, without its empty lines.</summary>
    public void Block(string label, string text)
    {
        output.WriteLine("  " + Paint("1", label));
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            output.WriteLine("    " + line.TrimEnd());
    }

    public void Kept(string text) => output.WriteLine(Paint("1;32", text));

    public void Broken(string text) => output.WriteLine(Paint("1;31", text));

    private string Paint(string code, string text) => _isColoured ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
