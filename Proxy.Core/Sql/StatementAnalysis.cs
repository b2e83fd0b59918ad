using System.Collections.Immutable;

namespace Proxy.Core.Sql;

/// <summary>What is known about one text sent by a client: its statements in order, or why it could not be read. Immutable, shared, cached.</summary>
public sealed class StatementAnalysis
{
    public required AnalysisStatus Status { get; init; }

    /// <summary>The statements in the text's order; empty for a text of blanks and comments only.</summary>
    public ImmutableArray<StatementReading> Statements { get; init; } = [];

    /// <summary>
    /// For a syntax error, the statements in front of the one that has it, where the dialect runs these: MySQL reads a statement when those before it have
    /// run.
    /// </summary>
    public ImmutableArray<StatementReading> BeforeFault { get; init; } = [];

    /// <summary>Where the statement with the syntax error begins; of use only together with <see cref="BeforeFault"/>.</summary>
    public int FaultStart { get; init; }

    /// <summary>For a failed analysis, which limit or fault it was; contains nothing of the text.</summary>
    public string? Reason { get; init; }

    /// <summary>A keyed 64-bit fingerprint of the exact bytes: names the text in logs and records without showing it.</summary>
    public required ulong Fingerprint { get; init; }

    /// <summary>The integers in which other texts of the same form differ from this one; null where no such texts are known.</summary>
    public OpenIntegers? Open { get; init; }

    /// <summary>The same text with types of users for its parameters.</summary>
    public StatementAnalysis WithParameterTypes(ImmutableArray<uint> types) => new()
    {
        Status = Status,
        Statements = [.. Statements.Select(reading => reading with { ParameterTypes = types })],
        Reason = Reason,
        Fingerprint = Fingerprint,
    };

    public override string ToString() => $"{Status} {Fingerprint:x16} ({Statements.Length} statements)";
}
