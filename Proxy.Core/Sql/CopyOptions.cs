namespace Proxy.Core.Sql;

/// <summary>The options of a COPY … TO as the server understands them (ProcessCopyOptions in src/backend/commands/copy.c), defaults filled in.</summary>
public sealed record CopyOptions
{
    public required CopyFormat Format { get; init; }

    /// <summary>One byte.</summary>
    public required byte Delimiter { get; init; }

    /// <summary>csv: the byte around values that need it.</summary>
    public byte Quote { get; init; } = (byte)'"';

    /// <summary>csv: the byte before a quote within a value; the quote itself unless something else was said.</summary>
    public byte Escape { get; init; } = (byte)'"';

    /// <summary>What stands for NULL, as it is written.</summary>
    public required ReadOnlyMemory<byte> Null { get; init; }

    /// <summary>Whether the first line names the columns.</summary>
    public bool HasHeader { get; init; }

    /// <summary>csv: FORCE_QUOTE, for whatever columns.</summary>
    public bool ForcesQuotes { get; init; }

    public override string ToString() => Format.ToString();
}
