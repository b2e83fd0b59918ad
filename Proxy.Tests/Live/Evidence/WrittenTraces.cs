using System.Buffers;
using System.Text;
using NUnit.Framework;
using Proxy.Host.Commands;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Evidence;

/// <summary>Whatever a gateway that has ended, and the audit's commands on its journal, have written: files and what was printed.</summary>
internal static class WrittenTraces
{
    /// <summary>Fails where one of these texts can be read without a key.</summary>
    public static async Task HoldNoneOfAsync(PhiGateProcess gateway, IEnumerable<string> texts)
    {
        var printed = new StringBuilder(gateway.Output);
        var export = Path.Combine(gateway.ConfigurationDirectory, "export");
        string[][] commands =
        [
            ["search", gateway.JournalDirectory], ["read", gateway.JournalDirectory], ["export", gateway.JournalDirectory, "--output", export], ["report", "all", export],
            ["report", "all", gateway.JournalDirectory, "--format", "html"], ["verify", gateway.JournalDirectory],
        ];
        foreach (var command in commands)
            printed.Append(await PhigateAsync(command));

        var sought = SearchValues.Create([.. texts], StringComparison.Ordinal);
        Assert.That(FirstOf(printed.ToString(), sought), Is.Null);
        var files = Directory.GetFiles(gateway.ConfigurationDirectory, "*", SearchOption.AllDirectories);
        Assert.That(files, Has.Some.EndsWith(".journal").And.Some.EndsWith(".sqlite").And.Some.EndsWith(".parquet"));
        foreach (var file in files)
            Assert.That(FirstOf(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), sought), Is.Null, file);
    }

    private static string? FirstOf(string text, SearchValues<string> sought) =>
        text.AsSpan().IndexOfAny(sought) is var at and >= 0 ? text[at..Math.Min(text.Length, at + 24)] : null;

    private static async Task<string> PhigateAsync(string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        await CommandTree.Create().Parse(["audit", .. arguments]).InvokeAsync(new System.CommandLine.InvocationConfiguration { Output = output, Error = error });
        return output.ToString() + error;
    }
}
