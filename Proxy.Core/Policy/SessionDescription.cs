using System.Globalization;
using System.Text.Json;

namespace Proxy.Core.Policy;

/// <summary>What a session may know of itself: names and values for people and programs. Nothing that its own token did not say, or rules say of it.</summary>
internal static class SessionDescription
{
    public static IReadOnlyList<KeyValuePair<string, string>> Of(Principal principal, string target, string database, PrincipalPolicy rules)
    {
        var lines = new List<KeyValuePair<string, string>>
        {
            new("subject", principal.Subject),
            new("issuer", principal.Issuer),
            new("agent", principal.Agent ?? ""),
            new("human", principal.Human ?? ""),
            new("groups", string.Join(", ", principal.Groups)),
            new("expires", principal.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            new("target", target),
            new("database", database),
            new("policy", rules.Version),
        };
        foreach (var rule in rules.Rules)
            lines.Add(new("rule " + rule.Name, Effect(rule)));
        var session = rules.Session;
        if (session.ReadOnly)
            lines.Add(new("read-only", "yes"));
        if (session.OneStatementPerText)
            lines.Add(new("one-statement-per-text", "yes"));
        AddLimit("statement-timeout-ms", session.StatementTimeoutMs);
        AddLimit("lock-timeout-ms", session.LockTimeoutMs);
        AddLimit("idle-in-transaction-timeout-ms", session.IdleInTransactionTimeoutMs);
        AddLimit("idle-session-timeout-seconds", session.IdleSessionTimeoutSeconds);
        return lines;

        void AddLimit(string name, int? limit)
        {
            if (limit is { } value)
                lines.Add(new(name, value.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static string Effect(AccessRule rule)
    {
        var (verdict, profile) = rule.Effect;
        var effect = verdict is Verdict.Mask or Verdict.Allow ? $"{Word(verdict)} {Word(profile)}" : Word(verdict);
        var within = rule.Risk.Within is RiskClasses.None ? "" : $" within {RiskClassNames.Format(rule.Risk.Within)}";
        return effect + within + (rule.When is null ? "" : " at certain hours");
    }

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
