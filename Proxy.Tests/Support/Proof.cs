using System.Globalization;

namespace Proxy.Tests.Support;

/// <summary>
/// How large a test is. `make check` runs stated samples, `make prove` everything at full size; a test that exists only there has the
/// category "Prove". What was proven is recorded with its figures and ends up in PROOF.md.
/// </summary>
public static class Proof
{
    public const string Category = "Prove";
    private static readonly Lock Gate = new();

    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("PHIGATE_TEST_SIZE") == "full";

    /// <summary>The seed of everything random, printed by whoever uses it when it fails; PHIGATE_TEST_SEED repeats a run.</summary>
    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("PHIGATE_TEST_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 20_250_701;

    /// <summary>The size for this run.</summary>
    public static int Size(int sample, int full) => IsFull ? full : sample;

    /// <summary>One row of PROOF.md, e.g. ("Fuzzing, requests", "1,000,000 frames, seed 1: no crash, no hang").</summary>
    public static void Record(string suite, string figures)
    {
        if (Environment.GetEnvironmentVariable("PHIGATE_PROOF_DIRECTORY") is not { Length: > 0 } directory)
            return;
        lock (Gate)
            File.AppendAllText(Path.Combine(directory, "rows.md"), $"| {suite} | {figures} |\n");
    }
}
