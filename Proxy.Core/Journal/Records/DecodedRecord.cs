namespace Proxy.Core.Journal.Records;

/// <summary>A record read back. Never prints what it holds: statements and parameters are PHI.</summary>
public abstract class DecodedRecord
{
    public abstract RecordKind Kind { get; }

    public sealed override string ToString() => Kind.ToString();
}
