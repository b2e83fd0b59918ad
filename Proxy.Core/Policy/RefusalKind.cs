namespace Proxy.Core.Policy;

/// <summary>An entry of the refusal catalogue: what stays the same whenever something is refused for this reason.</summary>
/// <param name="Code">See <see cref="Refusal"/>; never reused for another meaning.</param>
/// <param name="SqlState">Five characters.</param>
/// <param name="EndsConnection">Whether the connection ends with it.</param>
/// <param name="CanRetry">Whether sending the same again, unchanged, can help: because time, a token or the operator changed something.</param>
/// <param name="Message">One line for people.</param>
/// <param name="Instead">What would be allowed instead.</param>
public sealed record RefusalKind(string Code, string SqlState, bool EndsConnection, bool CanRetry, string Message, string Instead)
{
    /// <summary>Longer explanations are cut: the DETAIL line has to fit where a protocol allows 512 bytes in all (MySQL).</summary>
    public const int WhyCharsMax = 240;

    /// <summary>
    /// The refusal with what was found. <paramref name="why"/> may name objects, which can be called anything: control characters (a NUL
    /// would end a field of PostgreSQL's ErrorResponse, a line feed would forge a line) become <c>?</c>.
    /// </summary>
    public Refusal Because(string why, string? ticket = null) =>
        new(Code, SqlState, Message, CanRetry, Printable(why), Instead) { EndsConnection = EndsConnection, Ticket = ticket };

    private static string Printable(string why)
    {
        var length = Math.Min(why.Length, WhyCharsMax);
        if (length < why.Length && char.IsHighSurrogate(why[length - 1]))
            length--;
        return string.Create(length, why, static (destination, source) =>
        {
            for (var i = 0; i < destination.Length; i++)
                destination[i] = char.IsControl(source[i]) ? '?' : source[i];
        });
    }
}
