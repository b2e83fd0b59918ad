using Microsoft.Extensions.Logging;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Answers;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Sql;

namespace Proxy.Protocols.Postgres;

/// <summary>What every PostgreSQL connection shares: the gateway's table of contents.</summary>
public sealed record PostgresServices
{
    public required IGatekeeper Gatekeeper { get; init; }

    public required ISqlFrontEnd FrontEnd { get; init; }

    public required IJournal Journal { get; init; }

    public required ISessionRegistry Sessions { get; init; }

    public required CancelKeys CancelKeys { get; init; }

    public required Limits Limits { get; init; }

    public AnswerPolicy Answers { get; init; } = new();

    /// <summary>Makes the codes of those whose rows answers hold; null where the record has none.</summary>
    public SubjectCoder? Subjects { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
