using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parquet.Serialization;
using Proxy.Core.Journal.Heads;
using Proxy.Host.Evidence.Index;

namespace Proxy.Host.Evidence;

/// <summary>
/// Writes an export: <c>statements.jsonl</c> and <c>statements.parquet</c> (the same rows, oldest first), <c>journal.heads</c>, <c>signing.pub</c>, and
/// <c>manifest.json</c> with the SHA-256 of each, signed in <c>manifest.sig</c> (ECDSA P-256 with SHA-256, r and s, in base64).
/// </summary>
public sealed class AuditExport(string journalDirectory, string target, IHeadSigner signer, TimeProvider time)
{
    private static readonly JsonSerializerOptions Lines = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly JsonSerializerOptions Manifest = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public async Task WriteAsync(IReadOnlyList<StatementRow> newestFirst, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(target);
        StatementRow[] rows = [.. newestFirst.Reverse()];
        await using (var lines = new StreamWriter(In("statements.jsonl")))
            foreach (var row in rows)
                await lines.WriteLineAsync(JsonSerializer.Serialize(row, Lines).AsMemory(), cancellationToken);
        await using (var parquet = File.Create(In("statements.parquet")))
            await ParquetSerializer.SerializeAsync(rows, parquet, cancellationToken: cancellationToken);
        File.Copy(Path.Combine(journalDirectory, "journal.heads"), In("journal.heads"));
        await File.WriteAllTextAsync(In("signing.pub"), signer.PublicKey.ToPem(), cancellationToken);
        await WriteManifestAsync(rows, cancellationToken);
    }

    private async Task WriteManifestAsync(StatementRow[] rows, CancellationToken cancellationToken)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(target))
        {
            await using var content = File.OpenRead(file);
            files[Path.GetFileName(file)] = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        }
        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                Exported = time.GetUtcNow().UtcDateTime,
                Statements = rows.Length,
                FirstRecord = rows.Length > 0 ? rows[0].Number : 0,
                LastRecord = rows.Length > 0 ? rows[^1].Number : 0,
                Key = signer.PublicKey.Id,
                Sha256 = files,
            },
            Manifest);
        await File.WriteAllBytesAsync(In("manifest.json"), manifest, cancellationToken);
        var signature = await signer.SignAsync(manifest, cancellationToken);
        await File.WriteAllTextAsync(In("manifest.sig"), Convert.ToBase64String(signature) + "\n", Encoding.ASCII, cancellationToken);
    }

    private string In(string name) => Path.Combine(target, name);
}
