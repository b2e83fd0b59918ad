using System.Security.Cryptography;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Sealing;

namespace Proxy.Host.Evidence;

/// <summary>
/// The keys of a journal as files: <c>sealing.key</c> (32 bytes in base64) opens statements, parameters and answers; <c>signing.key</c> (PKCS #8 in
/// PEM) signs heads; <c>signing.pub</c> is its public half, for auditors. Made at the first start of a new journal, and never again: a journal
/// does not go on under other keys.
/// </summary>
public sealed class JournalKeyDirectory : IDisposable
{
    private const string SealingName = "sealing.key";
    private const string SigningName = "signing.key";
    private const string PublicName = "signing.pub";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private JournalKeyDirectory(LocalKeyEncryptionKey sealing, LocalHeadSigner signer)
    {
        Sealing = sealing;
        Signer = signer;
    }

    public LocalKeyEncryptionKey Sealing { get; }

    public LocalHeadSigner Signer { get; }

    /// <summary>Where the keys are when the configuration does not say: beside the journal, not in it.</summary>
    public static string DefaultFor(string journalDirectory) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(journalDirectory)) + "-keys";

    public static string PublicKeyPath(string directory) => Path.Combine(directory, PublicName);

    /// <param name="directory">Of the keys.</param>
    /// <param name="journalDirectory">Keys are made only while there is nothing in it.</param>
    /// <exception cref="JournalKeyException">A key is missing, can be read by others, or is none.</exception>
    public static JournalKeyDirectory OpenOrCreate(string directory, string journalDirectory)
    {
        var isNew = !Directory.Exists(journalDirectory) || !Directory.EnumerateFiles(journalDirectory, "segment-*").Any();
        var hasKeys = File.Exists(Path.Combine(directory, SealingName)) || File.Exists(Path.Combine(directory, SigningName));
        if (isNew && !hasKeys)
            Create(directory);
        return Open(directory);
    }

    /// <exception cref="JournalKeyException">A key is missing, can be read by others, or is none.</exception>
    public static JournalKeyDirectory Open(string directory)
    {
        var sealing = OpenSealing(directory);
        try
        {
            return new JournalKeyDirectory(sealing, new LocalHeadSigner(Read(Path.Combine(directory, SigningName))));
        }
        catch (Exception invalid) when (invalid is ArgumentException or CryptographicException)
        {
            sealing.Dispose();
            throw new JournalKeyException($"{Path.Combine(directory, SigningName)} is not a private key in PEM.", invalid);
        }
    }

    /// <summary>The key that opens statements, for readers who have no business signing.</summary>
    /// <exception cref="JournalKeyException">It is missing, can be read by others, or is none.</exception>
    public static LocalKeyEncryptionKey OpenSealing(string directory)
    {
        var path = Path.Combine(directory, SealingName);
        var bytes = new byte[LocalKeyEncryptionKey.KeyBytes];
        if (!Convert.TryFromBase64String(Read(path).Trim(), bytes, out var length) || length != bytes.Length)
            throw new JournalKeyException($"{path} is not a key of {bytes.Length} bytes in base64.");
        try
        {
            return new LocalKeyEncryptionKey(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public void Dispose()
    {
        Sealing.Dispose();
        Signer.Dispose();
    }

    private static void Create(string directory)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        Write(Path.Combine(directory, SealingName), Convert.ToBase64String(RandomNumberGenerator.GetBytes(LocalKeyEncryptionKey.KeyBytes)) + "\n");
        var signing = LocalHeadSigner.Generate();
        Write(Path.Combine(directory, SigningName), signing);
        using var signer = new LocalHeadSigner(signing);
        File.WriteAllText(PublicKeyPath(directory), signer.PublicKey.ToPem());
    }

    private static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }

    private static string Read(string path)
    {
        if (!File.Exists(path))
            throw new JournalKeyException($"The journal's key {path} is missing: put it back where it was, or begin a new journal in another directory.");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
            throw new JournalKeyException($"{path} can be read by others than its owner: change its mode to 0600.");
        return File.ReadAllText(path);
    }
}
