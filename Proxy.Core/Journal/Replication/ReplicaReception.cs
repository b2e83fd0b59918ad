using System.Buffers.Binary;

namespace Proxy.Core.Journal.Replication;

/// <summary>
/// One journal's connection at the replica, from its greeting to its end, on a thread of its own. All frames that are here are written, flushed once,
/// and acknowledged together: so the next ones gather meanwhile, and one flush serves everybody who waits for it.
/// </summary>
public sealed class ReplicaReception(Stream stream)
{
    private const int GuidBytes = 16;

    private readonly ReplicaFrameReader _reader = new(stream);
    private readonly ReplicaFrameWriter _writer = new(stream);

    /// <summary>Waits for the greeting, which says which journal comes.</summary>
    /// <exception cref="IOException">The connection ended, or what came is no journal.</exception>
    public Guid ReadGreeting()
    {
        if (!_reader.Read())
            throw new ReplicaProtocolException("The connection ended before it said anything.");
        ReadOnlySpan<byte> body = _reader.Body.Span;
        ReadOnlySpan<byte> greeting = ReplicaFrameWriter.Greeting;
        if (_reader.Kind != ReplicaFrameKind.Hello || body.Length != greeting.Length + GuidBytes || !body.StartsWith(greeting))
            throw new ReplicaProtocolException("What connected is no journal that this program knows.");
        return new Guid(body[greeting.Length..], bigEndian: true);
    }

    /// <summary>Keeps what comes until the connection ends.</summary>
    /// <param name="directory">Of this journal's copy, and of nothing else's; nobody else may be writing there.</param>
    /// <param name="durability">What has happened to bytes before they are acknowledged: <see cref="Durability.Written"/> or <see cref="Durability.Flushed"/>.</param>
    /// <exception cref="IOException">The connection broke, or something cannot be kept; the other end has been told why.</exception>
    public void Run(string directory, Durability durability)
    {
        try
        {
            using ReplicaJournal journal = ReplicaJournal.Open(directory, durability == Durability.Flushed);
            _writer.Welcome(journal.Welcome());
            while (_reader.Read())
            {
                long sequence = Take(journal);
                if (_reader.HasNext)
                    continue;
                journal.Sync();
                _writer.Acknowledged(sequence);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JournalFormatException or JournalInUseException)
        {
            TryRefuse(failure.Message);
            throw failure as IOException ?? new IOException(failure.Message, failure);
        }
    }

    private long Take(ReplicaJournal journal)
    {
        ReadOnlySpan<byte> body = _reader.Body.Span;
        ReadOnlySpan<byte> rest = body[Math.Min(sizeof(long), body.Length)..];
        switch (_reader.Kind)
        {
            case ReplicaFrameKind.Append when rest.Length > 16:
                journal.Append(
                    BinaryPrimitives.ReadInt64LittleEndian(rest), BinaryPrimitives.ReadInt32LittleEndian(rest[8..]),
                    BinaryPrimitives.ReadInt32LittleEndian(rest[12..]), rest[16..]);
                break;
            case ReplicaFrameKind.Ending when rest.Length > sizeof(long):
                journal.End(BinaryPrimitives.ReadInt64LittleEndian(rest), rest[sizeof(long)..]);
                break;
            case ReplicaFrameKind.Heads when rest.Length > sizeof(long):
                journal.AppendHeads(BinaryPrimitives.ReadInt64LittleEndian(rest), rest[sizeof(long)..]);
                break;
            case ReplicaFrameKind.Subjects when rest.Length > 0:
                journal.KeepSubjects(rest);
                break;
            case ReplicaFrameKind.Ping when body.Length == sizeof(long):
                break;
            default:
                throw new ReplicaProtocolException($"A frame of kind {(int)_reader.Kind} and {body.Length} bytes is not of the replication protocol.");
        }
        return BinaryPrimitives.ReadInt64LittleEndian(body);
    }

    private void TryRefuse(string reason)
    {
        try
        {
            _writer.Refused(reason);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // Nobody is left to be told.
        }
    }
}
