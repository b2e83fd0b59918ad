namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>The parts of a reading that are not sums of mentions.</summary>
internal record struct StatementDetails
{
    public StatementKind Kind { get; init; }

    public string? ObjectName { get; init; }

    public CopyReading? Copy { get; init; }

    public bool IsHoldable { get; init; }

    public bool IsChained { get; init; }

    public bool IsReadOnly { get; init; }
}
