namespace Proxy.Core.Journal.Records;

/// <summary>With which message the text came. Values are part of the file format.</summary>
public enum IntentPhase : byte
{
    /// <summary>It runs as soon as it is forwarded.</summary>
    SimpleQuery = 0,

    /// <summary>It is prepared; each run has an Execution of its own.</summary>
    Parse = 1,
}
