namespace Proxy.Core.Journal.Records;

/// <summary>How much of an answer is kept. Values are part of the file format; zero claims nothing.</summary>
public enum AnswerMode : byte
{
    None = 0,

    /// <summary>A digest of what the client was sent.</summary>
    Digest = 1,

    /// <summary>The first rows, and a digest.</summary>
    Rows = 2,

    /// <summary>Everything, up to a number of bytes; beyond that, a digest.</summary>
    Full = 3,
}
