using System.Security.Cryptography;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Sealing;

namespace Proxy.Host.Evidence;

/// <summary>A public key that heads are verified with, as a file in PEM.</summary>
internal static class PublicKeyFile
{
    /// <exception cref="JournalKeyException">There is none, or it is none.</exception>
    public static HeadVerificationKey Read(string path)
    {
        if (!File.Exists(path))
            throw new JournalKeyException($"there is no public key {path}: give one with --public-key");
        try
        {
            return HeadVerificationKey.FromPem(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new JournalKeyException($"{path} is not a public key in PEM", exception);
        }
    }
}
