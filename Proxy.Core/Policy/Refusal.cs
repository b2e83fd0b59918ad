namespace Proxy.Core.Policy;

/// <summary>
/// Why a statement or a connection was refused, in a form that a program understands (design: the refusal contract). Every protocol shows the
/// same fields: PostgreSQL in message, DETAIL and HINT.
/// </summary>
/// <param name="Code">Stable, lower-case, hyphenated: for example <c>statement-opaque</c>. Documented in docs/refusals.md and versioned.</param>
/// <param name="SqlState">Five characters, for clients that only look there; 42501 unless something fits better.</param>
/// <param name="Message">One line for people; no values.</param>
/// <param name="CanRetry">Whether sending the same statement again can ever help.</param>
/// <param name="Why">What was found, one short phrase; names of objects at most, never values.</param>
/// <param name="Instead">What would be allowed instead.</param>
public sealed record Refusal(string Code, string SqlState, string Message, bool CanRetry, string Why, string Instead)
{
    /// <summary>The DETAIL line: <c>code=… retry=… why=…</c>.</summary>
    public string Detail => $"phigate code={Code} retry={(CanRetry ? "yes" : "no")} why={Why}";
}
