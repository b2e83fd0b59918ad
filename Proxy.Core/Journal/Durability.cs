namespace Proxy.Core.Journal;

/// <summary>What must have happened to the record of a statement before the statement is forwarded.</summary>
public enum Durability
{
    /// <summary>It is in the page cache: it survives the process, not the machine.</summary>
    Written = 0,

    /// <summary>It is on the disk: it survives the machine. One flush serves everybody who waits for one (group commit).</summary>
    Flushed,

    /// <summary>Another machine has it: it survives the loss of this one with its disk. What that machine does first is its own policy.</summary>
    Replicated,
}
