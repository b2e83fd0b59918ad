namespace Proxy.Core.Sql;

/// <summary>How reading a text ended. Zero is the safe value: nothing is known about the text.</summary>
public enum AnalysisStatus : byte
{
    /// <summary>The reader failed (trap, deadline, memory, pool exhausted): the text must not be forwarded.</summary>
    Failed = 0,
    Read,

    /// <summary>The grammar rejects the text. The server may only be asked to parse it, never to run it.</summary>
    SyntaxError,

    /// <summary>Longer than the reader accepts.</summary>
    TooLong,

    /// <summary>Holds a NUL byte or is not valid UTF-8.</summary>
    NotText,
}
