using System.Runtime.CompilerServices;
using Proxy.Tests.Live.Differential;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Attacks;

/// <summary>
/// One attempt to get a value out, in the notation of the differential exchanges: "== verdict: title", then the messages. Replies are not
/// written down; after each Query and Sync they are received up to ReadyForQuery.
/// </summary>
public sealed record Attack(string File, AttackVerdict Verdict, string Title, IReadOnlyList<ExchangeStep> Steps)
{
    public static IEnumerable<Attack> All => In(CasesDirectory());

    /// <summary>Those that ask for no value, only for what an answer would tell of one.</summary>
    public static IEnumerable<Attack> Inferences => In(Path.Combine(CasesDirectory(), "Inference"));

    /// <summary>Those that older servers do not understand.</summary>
    public static IEnumerable<Attack> ByNewestServers => In(Path.Combine(CasesDirectory(), "Newest"));

    private static IEnumerable<Attack> In(string directory) =>
        Directory.GetFiles(directory, "*.txt").Order(StringComparer.Ordinal)
            .SelectMany(path => ExchangeFile.Parse(Path.GetFileNameWithoutExtension(path), System.IO.File.ReadAllLines(path)))
            .Select(Of);

    public override string ToString() => $"{File}: {Title}";

    private static Attack Of(Exchange exchange)
    {
        var verdict = exchange.Title[..exchange.Title.IndexOf(':', StringComparison.Ordinal)];
        return new Attack(exchange.File, Enum.Parse<AttackVerdict>(verdict, ignoreCase: true), exchange.Title[(verdict.Length + 2)..], [.. exchange.On(PostgresVersion.V15)]);
    }

    private static string CasesDirectory([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "Cases");
}
