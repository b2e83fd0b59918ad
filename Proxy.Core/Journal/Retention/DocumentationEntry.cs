using Proxy.Core.Journal.Heads;

namespace Proxy.Core.Journal.Retention;

/// <summary>A record that is to be kept when its segment goes.</summary>
/// <param name="Segment">That it is in.</param>
/// <param name="Record">Its bytes with their padding, as they are in the segment.</param>
/// <param name="IsKept">It is one that was kept before: it holds its own proof.</param>
/// <param name="Index">Of its entry, from 0.</param>
/// <param name="Before">Hash of the entry before.</param>
/// <param name="Path">The hashes beside the way to the root, the lowest first.</param>
/// <param name="Head">The first head that covers it.</param>
internal sealed record DocumentationEntry(long Segment, byte[] Record, bool IsKept, long Index, byte[] Before, byte[][] Path, SignedHead? Head);
