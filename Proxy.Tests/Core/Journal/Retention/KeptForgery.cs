using System.Security.Cryptography;
using Proxy.Core.Journal.Heads;
using Proxy.Core.Journal.Records;

namespace Proxy.Tests.Core.Journal.Retention;

/// <summary>Makes something else of a record that was kept, so that it, or its proof, is none any more.</summary>
/// <param name="random">What is changed, and where.</param>
/// <param name="heads">All heads of the journal.</param>
internal sealed class KeptForgery(Random random, IReadOnlyList<SignedHead> heads)
{
    // Chosen once: appending may have to be tried again.
    private readonly int _kind = random.Next(7);
    private readonly int _place = random.Next(int.MaxValue);
    private readonly byte _flip = (byte)random.Next(1, 256);

    public KeptParts Of(DecodedKept genuine)
    {
        var parts = new KeptParts(genuine);
        switch (_kind)
        {
            case 0:
                parts.Index += 1 + (_place % 1000);
                break;
            case 1:
                Flip(parts.Before);
                break;
            case 2:
                Flip(parts.Entry);
                break;
            case 3:
                Flip(parts.Path);
                break;
            case 4:
                parts.Path = parts.Path[SHA256.HashSizeInBytes..];
                break;
            case 5:
                // Bears a signature, and is in journal.heads.
                parts.Head = heads.Where(head => head.ToString() != genuine.Head).ElementAt(_place % (heads.Count - 1)).ToString();
                break;
            default:
                var head = parts.Head.ToCharArray();
                head[_place % head.Length] ^= (char)1;
                parts.Head = new string(head);
                break;
        }
        return parts;
    }

    private void Flip(byte[] bytes) => bytes[_place % bytes.Length] ^= _flip;
}
