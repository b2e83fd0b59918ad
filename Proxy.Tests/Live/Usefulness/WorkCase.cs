using System.Runtime.CompilerServices;

namespace Proxy.Tests.Live.Usefulness;

/// <summary>
/// Something that people do in one session, and what has to come of it through the gateway: "clean", "masked COLUMN, COLUMN", "refused CODE",
/// "error SQLSTATE" (the server's own, byte for byte) or "scrubbed SQLSTATE".
/// </summary>
public sealed record WorkCase(string File, string Expected, string Title, IReadOnlyList<WorkStep> Steps)
{
    private const string Refused = "refused ";

    public bool Runs => !Expected.StartsWith(Refused, StringComparison.Ordinal);

    /// <summary>Of the files in a folder beside this one.</summary>
    public static IReadOnlyList<WorkCase> In(string folder) =>
        [.. Directory.GetFiles(Path.Combine(ThisDirectory(), folder), "*.sql").Order(StringComparer.Ordinal)
            .SelectMany(path => WorkFile.Parse(Path.GetFileNameWithoutExtension(path), System.IO.File.ReadAllLines(path)))];

    public override string ToString() => $"{File}: {Title}";

    private static string ThisDirectory([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;
}
