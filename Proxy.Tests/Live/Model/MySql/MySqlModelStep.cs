namespace Proxy.Tests.Live.Model.MySql;

/// <summary>One command of a sequence.</summary>
/// <param name="Label">What it is, for a reproduction.</param>
/// <param name="Command">Its code.</param>
/// <param name="Body">What follows code and number, or only the code.</param>
internal sealed record MySqlModelStep(string Label, byte Command, byte[] Body)
{
    /// <summary>A statement by what the sequence calls it: the servers number it each in their own way. Null for commands that name none.</summary>
    public int? Slot { get; init; }

    /// <summary>Means whatever was prepared last, by the number that MariaDB's drivers write for it.</summary>
    public bool IsForLast { get; init; }

    /// <summary>The gateway refuses it; the server gets this in its place, or nothing.</summary>
    public byte[]? Instead { get; init; }

    public bool IsRefused { get; init; }

    /// <summary>The next command is sent before this one is answered.</summary>
    public bool IsPipelined { get; init; }

    public override string ToString() => IsPipelined ? Label + " (no wait)" : Label;
}
