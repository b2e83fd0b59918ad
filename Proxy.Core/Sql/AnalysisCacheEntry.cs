namespace Proxy.Core.Sql;

/// <summary>One kept analysis. Only <see cref="IsUsed"/> changes.</summary>
internal sealed class AnalysisCacheEntry(ulong hash, byte[] text, StatementAnalysis analysis)
{
    public ulong Hash { get; } = hash;

    public byte[] Text { get; } = text;

    public StatementAnalysis Analysis { get; } = analysis;

    public long Bytes { get; } = text.Length + EstimateBytes(analysis);

    /// <summary>Set by every hit, cleared by the sweep. A race costs a round of the clock, no more.</summary>
    public bool IsUsed { get; set; } = true;

    public override string ToString() => Analysis.ToString();

    private static long EstimateBytes(StatementAnalysis analysis)
    {
        const int Fixed = 256;
        long bytes = Fixed;
        foreach (StatementReading statement in analysis.Statements.IsEmpty ? analysis.BeforeFault : analysis.Statements)
        {
            for (StatementReading? reading = statement; reading is not null; reading = reading.Inner) bytes += EstimateBytes(reading);
        }

        return bytes;
    }

    private static long EstimateBytes(StatementReading reading)
    {
        const int Fixed = 256;
        const int PerName = 80;
        const int PerString = 64;
        int names = reading.Relations.Length + reading.Functions.Length + reading.Operators.Length + reading.Types.Length
            + reading.Settings.Length;
        int columns = reading.Columns.IsDefault ? 0 : reading.Columns.Length;
        return Fixed + reading.SyntaxBytes + ((long)names * PerName) + ((long)(columns + reading.Attributes.Length + reading.StoredColumns.Length) * PerString);
    }
}
