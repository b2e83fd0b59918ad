using Proxy.Core.Policy;
using Proxy.Core.Sql;

namespace Proxy.Protocols.Postgres;

/// <summary>One generation of a prepared statement: defining the name again makes another object, and portals keep the one they were made of.</summary>
internal sealed class PreparedStatement
{
    public required byte[] Name { get; init; }

    /// <summary>Null for a statement whose text we refused to read; a Bind of it is refused.</summary>
    public required StatementAnalysis? Analysis { get; init; }

    /// <summary>The newest judgement; made again when policy or catalogue moved on.</summary>
    public Judgement? Judgement { get; set; }

    /// <summary>For SQL's PREPARE, what it was assessed as then; EXECUTE is judged by it.</summary>
    public RiskAssessment? Assessment { get; init; }

    /// <summary>The record that holds the text.</summary>
    public long Intent { get; init; }

    /// <summary>The last RowDescription seen for a portal of this statement, with the plan made from it: the usual re-execution compares and re-uses.</summary>
    public byte[] DescribedAs { get; set; } = [];

    public Core.Masking.MaskPlan? DescribedPlan { get; set; }

    public Judgement? DescribedUnder { get; set; }

    public override string ToString() => $"prepared statement of {Analysis}";
}
