using System.CommandLine;
using System.Globalization;
using Proxy.Core.Catalogue;
using Proxy.Core.Policy;
using Proxy.Host.Evidence.Index;

namespace Proxy.Host.Commands.Audit;

/// <summary>The options that select statements, for search and export.</summary>
internal sealed class QueryOptions
{
    private readonly Option<DateTimeOffset?> _from = Time("--from", "Not before this time (UTC, ISO 8601)");
    private readonly Option<DateTimeOffset?> _to = Time("--to", "Before this time (UTC, ISO 8601)");
    private readonly Option<Guid?> _session = new("--session") { Description = "Of this session" };
    private readonly Option<string?> _human = new("--human") { Description = "On behalf of this person" };
    private readonly Option<string?> _agent = new("--agent") { Description = "Of this agent, or this subject" };
    private readonly Option<string?> _target = new("--target") { Description = "To this target" };
    private readonly Option<string?> _relation = new("--relation") { Description = "That name this relation of the catalogue" };
    private readonly Option<string?> _class = new("--class") { Description = "That name relations with this class of identifier, for example ssn" };
    private readonly Option<Verdict?> _verdict = new("--verdict") { Description = "That were decided like this" };
    private readonly Option<RiskClasses?> _risk = new("--risk") { Description = "With this risk, for example BulkRead" };
    private readonly Option<string?> _rule = new("--rule") { Description = "That this rule decided" };
    private readonly Option<string?> _refusal = new("--refusal") { Description = "Refused with this code" };
    private readonly Option<string?> _fingerprint = new("--fingerprint") { Description = "With this text: fingerprints are of one run of the gateway" };

    public QueryOptions() =>
        _class.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && !IdentifierClassNames.TryParse(name, out _))
                result.AddError($"--class {name}: one of {string.Join(", ", IdentifierClassNames.Accepted)}");
        });

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[]
            { _from, _to, _session, _human, _agent, _target, _relation, _class, _verdict, _risk, _rule, _refusal, _fingerprint })
            command.Options.Add(option);
    }

    public StatementQuery Of(ParseResult arguments, int limit) => new()
    {
        From = arguments.GetValue(_from),
        To = arguments.GetValue(_to),
        Session = arguments.GetValue(_session),
        Human = arguments.GetValue(_human),
        Agent = arguments.GetValue(_agent),
        Target = arguments.GetValue(_target),
        Relation = arguments.GetValue(_relation),
        Class = arguments.GetValue(_class) is { } name && IdentifierClassNames.TryParse(name, out var one) ? one : null,
        Verdict = arguments.GetValue(_verdict),
        Risk = arguments.GetValue(_risk),
        Rule = arguments.GetValue(_rule),
        Refusal = arguments.GetValue(_refusal),
        Fingerprint = arguments.GetValue(_fingerprint),
        Limit = limit,
    };

    internal static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(result.Tokens.Single().Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
            result.AddError($"{name} {result.Tokens.Single().Value}: a time like 2026-11-25T09:30:00Z is expected");
            return null;
        },
    };
}
