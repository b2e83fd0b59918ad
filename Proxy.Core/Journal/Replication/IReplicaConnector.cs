namespace Proxy.Core.Journal.Replication;

/// <summary>The way to the process that keeps a second copy of the journal, and who is told how it goes.</summary>
public interface IReplicaConnector
{
    /// <summary>For people: where the copy is.</summary>
    string Name { get; }

    /// <summary>
    /// Connects, in a channel that proves both ends. Blocks, and so do the stream's reads and writes: they have threads of their own. Disposing the
    /// stream ends those under way.
    /// </summary>
    /// <exception cref="IOException">It cannot be reached, or is not who it should be.</exception>
    Stream Connect(TimeSpan patience);

    /// <summary>No statement is forwarded from now on.</summary>
    void Lost(string reason);

    /// <summary>The copy has everything again.</summary>
    void Resumed();
}
