using System.Text;

namespace Proxy.Tests.Support;

/// <summary>Looks through what each run of the real program has printed and recorded, when it ends, for the secrets of that run.</summary>
internal static class SecretLeaks
{
    private static int _runs;
    private static long _bytes;

    /// <exception cref="InvalidOperationException">A secret is there; it says which and where.</exception>
    public static async Task AssertNoneAsync(string output, string journalDirectory, SecretSearch secrets)
    {
        using var printed = new MemoryStream(Encoding.UTF8.GetBytes(output));
        var found = (await secrets.FindAsync(printed)).ConvertAll(static place => "printed: " + place);
        Interlocked.Add(ref _bytes, printed.Length);
        foreach (var file in Directory.Exists(journalDirectory) ? Directory.GetFiles(journalDirectory) : [])
        {
            // A socket; a lock is empty, and can still be held by who dies.
            if (Path.GetExtension(file) is ".sock" or ".lock")
                continue;
            found.AddRange((await secrets.FindAsync(file)).ConvertAll(place => $"{Path.GetFileName(file)}: {place}"));
            Interlocked.Add(ref _bytes, new FileInfo(file).Length);
        }
        Interlocked.Increment(ref _runs);
        if (found.Count > 0)
            throw new InvalidOperationException($"secrets have leaked:\n{string.Join('\n', found)}");
    }

    /// <summary>The whole test run's row of PROOF.md.</summary>
    public static void RecordProof()
    {
        if (_runs > 0)
            Proof.Record("Secrets in logs and records",
                $"{_runs} runs of the program, all of the test run: none of their tokens, database passwords and masking keys in what they printed and recorded ({_bytes >> 20} MiB)");
    }
}
