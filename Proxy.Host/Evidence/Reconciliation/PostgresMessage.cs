namespace Proxy.Host.Evidence.Reconciliation;

/// <summary>What a message of PostgreSQL's log says about a statement that was run.</summary>
internal static class PostgresMessage
{
    private const string Statement = "statement: ";
    private const string Execute = "execute ";
    private const string Duration = "duration: ";
    private const string Audit = "AUDIT: ";
    private const string Milliseconds = " ms  ";

    /// <summary>pgaudit: AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.t,text,parameters.</summary>
    private const int AuditFields = 8;
    private const int AuditText = 7;
    private const int AuditSubstatement = 2;

    /// <summary>The text, or null when the message is about something else. Parse and Bind run nothing yet.</summary>
    public static string? TextOf(string message)
    {
        if (message.StartsWith(Duration, StringComparison.Ordinal) && message.IndexOf(Milliseconds, StringComparison.Ordinal) is var end and >= 0)
            message = message[(end + Milliseconds.Length)..];
        if (message.StartsWith(Statement, StringComparison.Ordinal))
            return message[Statement.Length..];
        // "execute NAME: TEXT"; the name of a portal can be "NAME/PORTAL", and a fetch of the rest "execute fetch from NAME: TEXT".
        if (message.StartsWith(Execute, StringComparison.Ordinal) && message.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0)
            return message[(colon + 2)..];
        if (message.StartsWith(Audit, StringComparison.Ordinal)
            && DelimitedRecords.Split(message[Audit.Length..], '"', hasEscapes: false) is { Count: >= AuditFields } audit
            // What a statement runs within itself is the same statement.
            && audit[AuditSubstatement] == "1")
            return audit[AuditText];
        return null;
    }
}
