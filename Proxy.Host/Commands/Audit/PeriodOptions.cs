using System.CommandLine;

namespace Proxy.Host.Commands.Audit;

/// <summary>The options that say which time is meant.</summary>
internal sealed class PeriodOptions
{
    private readonly Option<DateTimeOffset?> _from = QueryOptions.Time("--from", "Not before this time (UTC, ISO 8601)");
    private readonly Option<DateTimeOffset?> _to = QueryOptions.Time("--to", "Before this time (UTC, ISO 8601)");

    public void AddTo(Command command)
    {
        command.Options.Add(_from);
        command.Options.Add(_to);
    }

    public (DateTimeOffset? From, DateTimeOffset? To) Of(ParseResult arguments) => (arguments.GetValue(_from), arguments.GetValue(_to));
}
