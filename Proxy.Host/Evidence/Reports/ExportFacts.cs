using System.Security.Cryptography;
using System.Text.Json;
using Proxy.Core.Journal.Heads;
using Proxy.Host.Evidence.Index;

namespace Proxy.Host.Evidence.Reports;

/// <summary>The facts of an export alone: its files are compared with its manifest, and the manifest and all heads with the public key in it.</summary>
internal static class ExportFacts
{
    private static readonly JsonSerializerOptions Lines = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static bool IsExport(string directory) => File.Exists(Path.Combine(directory, AuditExport.ManifestName));

    /// <param name="directory">Of the export.</param>
    /// <param name="from">Not before this time; null takes the export's own beginning.</param>
    /// <param name="to">Before this time; null takes the export's own end.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">A file is missing or not what it should be.</exception>
    public static async Task<AuditFacts> LoadAsync(string directory, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<ExportManifest>(await File.ReadAllBytesAsync(Path.Combine(directory, AuditExport.ManifestName), cancellationToken), Lines)
                ?? throw new IOException($"{directory} has no manifest");
            var (begin, end) = (from ?? manifest.From, to ?? manifest.To);
            bool IsWithin(DateTime time) => time >= begin.UtcDateTime && time < end.UtcDateTime;
            return new AuditFacts
            {
                Source = directory,
                From = begin,
                To = end,
                Statements = await ReadAsync<StatementRow>(directory, "statements", row => IsWithin(row.Time), cancellationToken),
                Sessions = await ReadAsync<SessionRow>(directory, "sessions", row => row.Opened < end.UtcDateTime && (row.Closed ?? end.UtcDateTime) >= begin.UtcDateTime, cancellationToken),
                Events = await ReadAsync<EventRow>(directory, "events", row => IsWithin(row.Time), cancellationToken),
                Subjects = await ReadAsync<SubjectsRow>(directory, "subjects", row => IsWithin(row.Time), cancellationToken),
                Reads = await ReadAsync<EventRow>(directory, "reads", row => row.Kind == "review" || IsWithin(row.Time), cancellationToken),
                Integrity = await CheckAsync(directory, manifest, cancellationToken),
                Filter = manifest.Filter,
            };
        }
        catch (JsonException malformed)
        {
            throw new IOException($"a file of {directory} is not what an export holds: {malformed.Message}", malformed);
        }
    }

    private static async Task<IReadOnlyList<TRow>> ReadAsync<TRow>(string directory, string name, Func<TRow, bool> isWanted, CancellationToken cancellationToken)
    {
        var rows = new List<TRow>();
        await foreach (var line in File.ReadLinesAsync(Path.Combine(directory, name + ".jsonl"), cancellationToken))
            if (JsonSerializer.Deserialize<TRow>(line, Lines) is { } row && isWanted(row))
                rows.Add(row);
        return rows;
    }

    private static async Task<IReadOnlyList<IntegrityFinding>> CheckAsync(string directory, ExportManifest manifest, CancellationToken cancellationToken)
    {
        var findings = new List<IntegrityFinding>();
        using var key = HeadVerificationKey.FromPem(await File.ReadAllTextAsync(Path.Combine(directory, "signing.pub"), cancellationToken));
        var signature = Convert.FromBase64String(await File.ReadAllTextAsync(Path.Combine(directory, AuditExport.SignatureName), cancellationToken));
        var isSigned = key.Verify(await File.ReadAllBytesAsync(Path.Combine(directory, AuditExport.ManifestName), cancellationToken), signature);
        findings.Add(new IntegrityFinding("manifest", isSigned ? $"signed by the key {key.Id}: compare it with the one you were given" : "NOT signed by the key in the export", isSigned));
        foreach (var (file, digest) in manifest.Sha256)
        {
            await using var content = File.OpenRead(Path.Combine(directory, Path.GetFileName(file)));
            var agrees = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)) == digest;
            findings.Add(new IntegrityFinding(file, agrees ? "as in the manifest" : "CHANGED since the manifest was signed", agrees));
        }
        findings.Add(Heads(Path.Combine(directory, "journal.heads"), key, cancellationToken));
        return findings;
    }

    private static IntegrityFinding Heads(string path, HeadVerificationKey key, CancellationToken cancellationToken)
    {
        using var heads = new HeadReader(path);
        var previous = new byte[SHA256.HashSizeInBytes];
        var follows = true;
        var (count, record) = (0L, 0L);
        while (heads.Read() is { } head)
        {
            cancellationToken.ThrowIfCancellationRequested();
            follows &= key.Verify(head) && head.Head.Previous.AsSpan().SequenceEqual(previous);
            previous = head.Digest;
            (count, record) = (count + 1, head.Head.LastRecord);
        }
        follows &= heads.Rest == 0;
        return new IntegrityFinding(
            "heads", follows ? $"{count} heads are signed and follow each other, to record {record}" : "heads are MISSING or not signed", follows);
    }
}
