using Microsoft.Extensions.Logging;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Answers;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Sql;

namespace Proxy.Protocols.MySql;

/// <summary>What every connection of one MySQL listener shares: the gateway's table of contents.</summary>
public sealed record MySqlServices
{
    public required IGatekeeper Gatekeeper { get; init; }

    /// <summary>The target's name: what a client means that names no database.</summary>
    public required string Target { get; init; }

    /// <summary>What the target says of itself, which the listener repeats.</summary>
    public required TargetGreeting Greeting { get; init; }

    /// <summary>
    /// Reads texts as a server of this version does, under this sql_mode, with names of relations in any case or not; null when that cannot be done.
    /// </summary>
    public required Func<string, string, bool, ISqlFrontEnd?> FrontEndFor { get; init; }

    public required IJournal Journal { get; init; }

    public required ISessionRegistry Sessions { get; init; }

    public required ThreadNumbers Threads { get; init; }

    public required Limits Limits { get; init; }

    /// <summary>Makes the codes of those whose rows answers hold; null where nobody asks.</summary>
    public SubjectCoder? Subjects { get; init; }

    public AnswerPolicy Answers { get; init; } = new();

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
