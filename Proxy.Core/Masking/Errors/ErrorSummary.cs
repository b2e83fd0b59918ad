namespace Proxy.Core.Masking.Errors;

/// <summary>What of an error decides its treatment. Field letters are those of PostgreSQL's ErrorResponse.</summary>
/// <param name="SqlState">C: five characters.</param>
/// <param name="HasPosition">P is there: it points into the text that the client sent.</param>
/// <param name="HasInternalQuery">q or p is there: it is about a statement that a function ran.</param>
/// <param name="HasContext">W is there: it happened while something ran.</param>
public readonly record struct ErrorSummary(string SqlState, bool HasPosition, bool HasInternalQuery, bool HasContext);
