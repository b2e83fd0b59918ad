using System.Collections.Frozen;
using System.Collections.Immutable;
using Proxy.Core.Policy;

namespace Proxy.Tests.Policies;

/// <summary>
/// A line of decisions.txt: who, what is decided, and the statement, with bars between them. Who is groups, then a human after @, then claims as
/// name=value: <c>on-call @ada purpose=study-7</c>. The decision is <c>mask PROFILE</c>, <c>allow unmasked</c>, <c>hold CODE</c> or <c>refuse CODE</c>.
/// </summary>
public sealed record PolicyDecision(string Who, string Expected, string Statement)
{
    public static PolicyDecision Parse(string line) =>
        line.Split('|', 3, StringSplitOptions.TrimEntries) is [var who, var expected, var statement]
            ? new PolicyDecision(who, expected, statement)
            : throw new FormatException($"not who | decision | statement: {line}");

    public Principal Principal(string issuer)
    {
        var words = Who.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new Principal
        {
            Issuer = issuer,
            Subject = "subject",
            Human = words.FirstOrDefault(static word => word[0] == '@')?[1..],
            Groups = [.. words.Where(static word => word[0] != '@' && !word.Contains('=', StringComparison.Ordinal))],
            Claims = words.Where(static word => word.Contains('=', StringComparison.Ordinal)).Select(static word => word.Split('=', 2))
                .ToFrozenDictionary(static pair => pair[0], static pair => ImmutableArray.Create(pair[1])),
            ExpiresAt = DateTimeOffset.MaxValue,
        };
    }

    public override string ToString() => $"{Who} | {Expected} | {Statement}";
}
