namespace Proxy.Core.Journal.Replication;

/// <summary>What a frame between a journal and its replica says. Values are part of the protocol (docs/replication.md).</summary>
internal enum ReplicaFrameKind : byte
{
    None = 0,

    /// <summary>From the journal, first: which journal it is.</summary>
    Hello = 1,

    /// <summary>Bytes of a segment, to be put behind those that came before.</summary>
    Append = 2,

    /// <summary>What the header of a segment says about its end.</summary>
    Ending = 3,

    /// <summary>Signed heads, to be put behind those that came before.</summary>
    Heads = 4,

    /// <summary>The file with the wrapped key of the subject codes.</summary>
    Subjects = 5,

    /// <summary>Asks for an acknowledgement.</summary>
    Ping = 6,

    /// <summary>From the replica, first: what it has.</summary>
    Welcome = 17,

    /// <summary>Everything up to this frame is kept.</summary>
    Acknowledged = 18,

    /// <summary>Why nothing more is taken; the connection ends.</summary>
    Refused = 19,
}
