namespace Proxy.Host.Evidence.Shipping;

/// <summary>A row of the Parquet beside a segment: one record that says something about a statement. Holds nothing that is sealed.</summary>
public sealed class ShippedStatement
{
    public long Record { get; init; }
    public DateTime Time { get; init; }
    public string Kind { get; init; } = "";
    public string Session { get; init; } = "";

    /// <summary>The record of the intent or execution that this one is about; its own number for those two.</summary>
    public long Statement { get; init; }
    public string Agent { get; init; } = "";
    public string Human { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Target { get; init; } = "";
    public string Relations { get; init; } = "";
    public string PhiClasses { get; init; } = "";
    public string Risk { get; init; } = "";
    public string Verdict { get; init; } = "";
    public string Profile { get; init; } = "";
    public string Rule { get; init; } = "";
    public string PolicyVersion { get; init; } = "";
    public string Refusal { get; init; } = "";
    public string Status { get; init; } = "";
    public long Rows { get; init; }
    public long MaskedColumns { get; init; }
    public long ElapsedMicroseconds { get; init; }
    public string SubjectKind { get; init; } = "";

    /// <summary>Of the individuals, in hexadecimal, with blanks between them.</summary>
    public string SubjectCodes { get; init; } = "";
}
