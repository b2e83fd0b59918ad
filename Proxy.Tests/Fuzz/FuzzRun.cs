using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Protocols;
using Proxy.Tests.Support;

namespace Proxy.Tests.Fuzz;

/// <summary>Plays mutated conversations until so many frames have gone by, and says how to repeat the one that failed.</summary>
internal static class FuzzRun
{
    private const int FramesInCheck = 20_000;
    private const int FramesInProof = 1_000_000;

    /// <summary>Garbage aside, what a run of any length may leave behind: caches that are full, and what the runtime keeps.</summary>
    private const long BytesKeptMax = 24 << 20;

    /// <param name="direction">For the proof.</param>
    /// <param name="play">Plays one conversation with everything random from the given source; returns how many mutated frames it took.</param>
    public static async Task PlayAsync(string direction, Func<Random, Task<int>> play)
    {
        var wanted = Proof.Size(FramesInCheck, FramesInProof);
        var watch = Stopwatch.StartNew();
        long frames = 0, before = 0;
        var run = 0;
        for (; frames < wanted; run++)
        {
            if (before == 0 && frames >= wanted / 4) before = GC.GetTotalMemory(forceFullCollection: true);
            try
            {
                frames += await play(new Random(HashCode.Of(Proof.Seed, run)));
            }
            catch (Exception failure)
            {
                throw new AssertionException(
                    string.Create(CultureInfo.InvariantCulture, $"{direction}: conversation {run} of seed {Proof.Seed} (PHIGATE_TEST_SEED): {failure.Message}"), failure);
            }
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.That(after - before, Is.LessThan(BytesKeptMax), "memory grew");
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{frames:n0} frames in {run:n0} conversations, seed {Proof.Seed}: no crash, no hang, no unmasked byte, memory flat "
            + $"({before >> 20} MB, then {after >> 20} MB); {frames / watch.Elapsed.TotalSeconds:n0} frames/s");
        TestContext.Out.WriteLine(figures);
        Proof.Record($"Fuzzing, {direction}", figures);
    }

    /// <summary>Limits that small messages run into, in every other conversation.</summary>
    public static Limits LimitsFrom(Random random) =>
        random.Next(2) == 0 ? new Limits() : new Limits { RowBytesMax = 200, MessageBytesMax = 600, PendingRepliesMax = 8, PreparedStatementsMax = 3, RefusalsMax = 3 };

    public static MaskProfile ProfileFrom(Random random) => random.Next(2) == 0 ? MaskProfile.Redacted : MaskProfile.Pseudonymous;

    public static T From<T>(this Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>The pieces in which bytes arrive.</summary>
    public static IEnumerable<byte[]> Pieces(this Random random, byte[] bytes)
    {
        var step = random.Next(8) switch
        {
            0 => 1,
            1 or 2 => 1 + random.Next(32),
            3 => 1 + random.Next(Math.Max(1, bytes.Length)),
            _ => bytes.Length,
        };
        for (var at = 0; at < bytes.Length; at += step)
            yield return bytes[at..Math.Min(at + step, bytes.Length)];
    }

    private static class HashCode
    {
        /// <summary>The same in every process, unlike System.HashCode.</summary>
        public static int Of(int seed, int run) => unchecked((seed * 16_777_619) ^ (run * (int)2_654_435_761));
    }
}
