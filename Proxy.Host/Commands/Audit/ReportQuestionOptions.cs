using System.CommandLine;
using Proxy.Host.Evidence.Reports;

namespace Proxy.Host.Commands.Audit;

/// <summary>The options that say whom a report is about.</summary>
internal sealed class ReportQuestionOptions
{
    private readonly Option<string?> _agent = new("--agent") { Description = "Only of this agent, or this subject" };
    private readonly Option<string?> _human = new("--human") { Description = "Only on behalf of this person" };
    private readonly Option<string?> _key = new("--key") { Description = "Only of sessions with this token id or one-time credential" };
    private readonly Option<string?> _individual = new("--individual") { Description = "Only of this individual, as `phigate audit subject` prints it", HelpName = "KIND=CODE" };

    private readonly Option<string[]> _agreement = new("--under-agreement")
    {
        Description = "An agent whose model's route has a business associate agreement; may be given several times",
        HelpName = "AGENT",
        DefaultValueFactory = _ => [],
    };

    public ReportQuestionOptions() =>
        _individual.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } value && value.Split('=') is not [{ Length: > 0 }, { Length: 16 }])
                result.AddError($"--individual {value}: a kind and a code of 16 hexadecimal digits are expected, such as patient=00112233aabbccdd");
        });

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _agent, _human, _key, _individual, _agreement })
            command.Options.Add(option);
    }

    public ReportQuestion Of(ParseResult arguments) => new()
    {
        Agent = arguments.GetValue(_agent),
        Human = arguments.GetValue(_human),
        Key = arguments.GetValue(_key),
        Subject = arguments.GetValue(_individual)?.Split('=') is [var kind, var code] ? (kind, code) : null,
        AgentsUnderAgreement = (arguments.GetValue(_agreement) ?? []).ToHashSet(StringComparer.Ordinal),
    };
}
