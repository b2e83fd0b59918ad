namespace Proxy.Core.Policy;

/// <summary>
/// Why a statement or a connection was refused, in a form that a program understands (design: the refusal contract). Every protocol shows the
/// same fields: PostgreSQL in message, DETAIL and HINT. Made by <see cref="RefusalKind.Because"/> from the catalogue <see cref="Refusals"/>.
/// </summary>
/// <param name="Code">Stable, lower-case, hyphenated: for example <c>statement-opaque</c>. Documented in docs/refusals.md and versioned.</param>
/// <param name="SqlState">Five characters, for clients that only look there; 42501 unless something fits better.</param>
/// <param name="Message">One line for people; no values.</param>
/// <param name="CanRetry">Whether sending the same statement again can ever help.</param>
/// <param name="Why">What was found, one short phrase; names of objects at most, never values.</param>
/// <param name="Instead">What would be allowed instead.</param>
public sealed record Refusal(string Code, string SqlState, string Message, bool CanRetry, string Why, string Instead)
{
    /// <summary>Whether the connection ends with it: PostgreSQL's FATAL rather than ERROR.</summary>
    public bool EndsConnection { get; init; }

    /// <summary>The ticket under which a human can approve it; null when there is none.</summary>
    public string? Ticket { get; init; }

    /// <summary>The DETAIL line: <c>code=… retry=… [ticket=…] why=…</c>; why comes last and may hold blanks.</summary>
    public string Detail =>
        $"phigate code={Code} retry={(CanRetry ? "yes" : "no")}{(Ticket is null ? "" : $" ticket={Ticket}")} why={Why}";
}
