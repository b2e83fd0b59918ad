using System.Collections.Frozen;
using Proxy.Core.Catalogue;
using Proxy.Core.Policy;

namespace Proxy.Core.Masking.Errors;

/// <summary>
/// Which errors and notices pass as they are. <c>UPDATE patients SET risk = 1000</c> reads no PHI and prints the whole failing row, so what counts
/// is not what the statement selects but everything that it can touch.
/// </summary>
public static class ErrorScrubber
{
    /// <summary>
    /// What parse analysis says about the client's own text: syntax, names that do not exist or are ambiguous, types that do not fit, literals
    /// that a type does not accept. It prints the text and the catalogue, never a row.
    /// </summary>
    private static readonly FrozenSet<string> AboutTheText = new[]
    {
        "42601", "42P01", "42703", "42883", "42702", "42725", "42P02", "42P18", "42P08", "42804", "42846", "42803", "42P20", "42P19", "42P09", "42P10",
        "42701", "42712", "42704", "42P21", "42P22", "42611", "42622", "42939", "0A000", "22P02", "22007", "22008", "22003", "3F000",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What to do with an error or notice that arrives while a statement with this assessment runs.</summary>
    public static ErrorTreatment Judge(RiskAssessment assessment, in ErrorSummary error)
    {
        if (!assessment.TouchesPhi)
            return ErrorTreatment.Verbatim;
        // Only parse analysis knows where in the text something stands. What the executor raises has no position; what a function's own
        // statement raises has an internal one; RAISE can set message, detail, hint, SQLSTATE and names, but not the position.
        return error is { HasPosition: true, HasInternalQuery: false, HasContext: false } && AboutTheText.Contains(error.SqlState)
            ? ErrorTreatment.Verbatim
            : ErrorTreatment.Scrub;
    }

    /// <summary>
    /// Whether a name in a field of an error is one that the catalogue knows. RAISE … USING COLUMN = ssn puts a value there, so what is not
    /// the name of an object is no name. <paramref name="table"/> is the error's own table field, for columns.
    /// </summary>
    public static bool IsKnownName(CatalogueSnapshot catalogue, ErrorField field, string name, string? schema, string? table) => field switch
    {
        ErrorField.Schema => catalogue.IsSchema(name),
        ErrorField.Table => !catalogue.Candidates(new Sql.QualifiedName(schema, name)).IsEmpty,
        ErrorField.Column => table is not null
            && catalogue.Candidates(new Sql.QualifiedName(schema, table)).Any(relation => relation.Column(name) is not null),
        ErrorField.DataType => catalogue.IsType(name),
        ErrorField.Constraint => catalogue.IsConstraint(name),
        _ => false,
    };
}
