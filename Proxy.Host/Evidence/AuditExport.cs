using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parquet.Serialization;
using Proxy.Core.Journal.Heads;
using Proxy.Host.Evidence.Reports;

namespace Proxy.Host.Evidence;

/// <summary>
/// Writes an export: <c>statements.jsonl</c> and <c>statements.parquet</c> (the same rows, oldest first), <c>sessions.jsonl</c>, <c>events.jsonl</c>,
/// <c>subjects.jsonl</c>, <c>reads.jsonl</c>, <c>journal.heads</c>, <c>signing.pub</c>, and <c>manifest.json</c> with the SHA-256 of each, signed in
/// <c>manifest.sig</c> (ECDSA P-256 with SHA-256, r and s, in base64). Reports are made from it alone.
/// </summary>
public sealed class AuditExport(string journalDirectory, string target, IHeadSigner signer, TimeProvider time)
{
    internal const string ManifestName = "manifest.json";
    internal const string SignatureName = "manifest.sig";

    private static readonly JsonSerializerOptions Lines = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly JsonSerializerOptions Indented = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public async Task WriteAsync(AuditFacts facts, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(target);
        await WriteLinesAsync("statements", facts.Statements, cancellationToken);
        await WriteLinesAsync("sessions", facts.Sessions, cancellationToken);
        await WriteLinesAsync("events", facts.Events, cancellationToken);
        await WriteLinesAsync("subjects", facts.Subjects, cancellationToken);
        await WriteLinesAsync("reads", facts.Reads, cancellationToken);
        await using (var parquet = File.Create(In("statements.parquet")))
            await ParquetSerializer.SerializeAsync(facts.Statements, parquet, cancellationToken: cancellationToken);
        File.Copy(Path.Combine(journalDirectory, "journal.heads"), In("journal.heads"));
        await File.WriteAllTextAsync(In("signing.pub"), signer.PublicKey.ToPem(), cancellationToken);
        await WriteManifestAsync(facts, cancellationToken);
    }

    private async Task WriteLinesAsync<TRow>(string name, IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        await using var lines = new StreamWriter(In(name + ".jsonl"));
        foreach (var row in rows)
            await lines.WriteLineAsync(JsonSerializer.Serialize(row, Lines).AsMemory(), cancellationToken);
    }

    private async Task WriteManifestAsync(AuditFacts facts, CancellationToken cancellationToken)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(target))
        {
            await using var content = File.OpenRead(file);
            files[Path.GetFileName(file)] = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        }
        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new ExportManifest
            {
                Exported = time.GetUtcNow().UtcDateTime,
                From = facts.From,
                To = facts.To,
                Filter = facts.Filter,
                Statements = facts.Statements.Count,
                FirstRecord = facts.Statements.Count > 0 ? facts.Statements[0].Number : 0,
                LastRecord = facts.Statements.Count > 0 ? facts.Statements[^1].Number : 0,
                Key = signer.PublicKey.Id,
                Sha256 = files,
            },
            Indented);
        await File.WriteAllBytesAsync(In(ManifestName), manifest, cancellationToken);
        var signature = await signer.SignAsync(manifest, cancellationToken);
        await File.WriteAllTextAsync(In(SignatureName), Convert.ToBase64String(signature) + "\n", Encoding.ASCII, cancellationToken);
    }

    private string In(string name) => Path.Combine(target, name);
}
