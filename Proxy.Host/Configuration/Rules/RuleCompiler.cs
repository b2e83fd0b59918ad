using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Configuration.Yaml;

namespace Proxy.Host.Configuration.Rules;

/// <summary>Turns rules.yaml into rules, and refuses what a rule cannot mean: names that gateway.yaml does not know, and contradictions.</summary>
/// <param name="gateway">Null when gateway.yaml could not be read; then names are not checked.</param>
internal sealed class RuleCompiler(YamlDocument document, GatewayOptions? gateway, ICollection<ConfigurationError> errors)
{
    public ImmutableArray<AccessRule> Compile(RulesFile file)
    {
        var names = new HashSet<string>();
        var rules = ImmutableArray.CreateBuilder<AccessRule>();
        for (var i = 0; i < file.Rules.Length; i++)
        {
            var rule = file.Rules[i];
            var pointer = YamlDocument.PathOf("rules", $"{i}");
            if (!names.Add(rule.Name))
                errors.Add(document.ErrorAt(pointer + "/name", $"a second rule named '{rule.Name}': records name rules, so names are unique"));
            CheckEffect(rule, pointer);
            CheckWhere(rule, pointer);
            CheckDatabaseUser(rule, pointer);
            rules.Add(new AccessRule
            {
                Name = rule.Name,
                Who = Who(rule.Who, pointer + "/who"),
                Targets = rule.Where?.Targets ?? [],
                Databases = rule.Where?.Databases ?? [],
                When = When(rule.When, pointer + "/when"),
                Risk = Risk(rule.Risk),
                Verdict = rule.Verdict,
                Profile = rule.Profile ?? MaskProfile.Redacted,
                Session = rule.Session,
                Budget = rule.Budget,
                MinimumGroupSize = rule.MinimumGroupSize,
            });
        }
        return rules.ToImmutable();
    }

    private void CheckEffect(RuleText rule, string pointer)
    {
        if (rule is { Verdict: Verdict.Hold or Verdict.Refuse, Profile: not null })
            errors.Add(document.ErrorAt(pointer + "/profile", "a rule that holds or refuses shows nothing: leave profile out"));
        if (rule is { Profile: MaskProfile.Unmasked, Verdict: Verdict.Mask })
            errors.Add(document.ErrorAt(pointer + "/profile", "verdict mask contradicts profile unmasked; to show PHI as it is, write verdict: allow"));
        if (rule is { Verdict: Verdict.Hold or Verdict.Refuse, MinimumGroupSize: > 0 })
            errors.Add(document.ErrorAt(pointer + "/minimum-group-size", "a rule that holds or refuses shows nothing: leave minimum-group-size out"));
        if (rule.Profile is MaskProfile.Pseudonymous && gateway is { Masking.Key: null })
            errors.Add(document.ErrorAt(pointer + "/profile", "pseudonymous needs masking.key in gateway.yaml"));
        if (rule is { Verdict: Verdict.Allow or Verdict.Mask, Risk: { AnyOf.IsEmpty: false, Within.IsEmpty: true } })
            errors.Add(document.ErrorAtKey(
                pointer + "/risk/any-of",
                "a rule that lets statements through must say within, not only any-of: a statement has several risk classes, and all must be covered"));
    }

    private void CheckWhere(RuleText rule, string pointer)
    {
        if (gateway is null || rule.Where is null)
            return;
        var targets = rule.Where.Targets;
        for (var i = 0; i < targets.Length; i++)
            if (!gateway.Targets.ContainsKey(targets[i]))
                errors.Add(document.ErrorAt($"{pointer}/where/targets/{i}", $"target '{targets[i]}' is not in gateway.yaml"));

        var meant = targets.IsEmpty ? gateway.Targets.Values : gateway.Targets.Where(target => targets.Contains(target.Key)).Select(target => target.Value);
        var databases = meant.SelectMany(target => target.Databases).ToHashSet();
        for (var i = 0; i < rule.Where.Databases.Length; i++)
            if (!databases.Contains(rule.Where.Databases[i]))
                errors.Add(document.ErrorAt(
                    $"{pointer}/where/databases/{i}", $"database '{rule.Where.Databases[i]}' is in no target of this rule in gateway.yaml"));
    }

    private void CheckDatabaseUser(RuleText rule, string pointer)
    {
        if (gateway is null || rule.Session?.DatabaseUser is not { } user)
            return;
        foreach (var (name, target) in gateway.Targets)
            if ((rule.Where is not { Targets.IsEmpty: false } where || where.Targets.Contains(name)) && user != target.DatabaseUser && !target.DatabaseUsers.ContainsKey(user))
                errors.Add(document.ErrorAt(
                    pointer + "/session/database-user", $"target '{name}' has no database user '{user}': name it under its database-users, or name the rule's targets"));
    }

    private PrincipalCondition Who(RuleWho? who, string pointer)
    {
        if (who is null)
            return PrincipalCondition.Anyone;
        return new PrincipalCondition
        {
            Issuers = Issuers(who.Issuers, pointer + "/issuers"),
            Subjects = Patterns(who.Subjects),
            Agents = Patterns(who.Agents),
            Humans = Patterns(who.Humans),
            Groups = Patterns(who.Groups),
            Tasks = Patterns(who.Tasks),
            Workloads = Patterns(who.Workloads),
            AtLeast = Marks(who.AtLeast),
            Claims = who.Claims.ToFrozenDictionary(claim => claim.Key, claim => Patterns(claim.Value)),
        };
    }

    private static IdentityMarks Marks(RuleMarks? marks)
    {
        var usual = PrincipalCondition.DefaultAtLeast;
        return marks is null
            ? usual
            : new IdentityMarks
            {
                Agent = marks.Agent ?? usual.Agent,
                Human = marks.Human ?? usual.Human,
                Task = marks.Task ?? usual.Task,
                Workload = marks.Workload ?? usual.Workload,
                Groups = marks.Groups ?? usual.Groups,
            };
    }

    private ImmutableArray<string> Issuers(ImmutableArray<string> written, string pointer)
    {
        var urls = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < written.Length; i++)
        {
            var name = written[i];
            var issuer = gateway?.Identity.Issuers.FirstOrDefault(candidate => candidate.Name == name || candidate.Issuer == name);
            if (issuer is null && gateway is not null)
                errors.Add(document.ErrorAt($"{pointer}/{i}", $"issuer '{name}' is not in gateway.yaml"));
            urls.Add(issuer?.Issuer ?? name);
        }
        return urls.ToImmutable();
    }

    private TimeWindow? When(RuleWhen? when, string pointer)
    {
        if (when is null)
            return null;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(when.TimeZone, out var zone))
        {
            errors.Add(document.ErrorAt(pointer + "/time-zone", $"time zone '{when.TimeZone}' is not known on this machine"));
            zone = TimeZoneInfo.Utc;
        }
        if (when.From == when.To)
            errors.Add(document.ErrorAt(pointer + "/to", "the window ends when it begins"));
        return new TimeWindow
        {
            From = TimeOnly.ParseExact(when.From, "HH:mm", CultureInfo.InvariantCulture),
            To = TimeOnly.ParseExact(when.To, "HH:mm", CultureInfo.InvariantCulture),
            Zone = zone,
            Days = when.Days,
        };
    }

    private static RiskCondition Risk(RuleRisk? risk) => risk is null
        ? new RiskCondition()
        : new RiskCondition { AnyOf = Classes(risk.AnyOf), NoneOf = Classes(risk.NoneOf), Within = Classes(risk.Within) };

    private static RiskClasses Classes(ImmutableArray<string> names)
    {
        var classes = RiskClasses.None;
        foreach (var name in names)
            classes |= RiskClassNames.TryParse(name, out var risk)
                ? risk
                : throw new InvalidOperationException($"the schema knows a risk class that the code does not: {name}");
        return classes;
    }

    private static ImmutableArray<TextPattern> Patterns(ImmutableArray<string> texts) => [.. texts.Select(text => new TextPattern(text))];
}
