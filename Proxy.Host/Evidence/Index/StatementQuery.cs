using Microsoft.Data.Sqlite;
using Proxy.Core.Catalogue;
using Proxy.Core.Policy;

namespace Proxy.Host.Evidence.Index;

/// <summary>What an auditor looks for; what is null does not matter.</summary>
public sealed record StatementQuery
{
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }
    public Guid? Session { get; init; }
    public string? Human { get; init; }

    /// <summary>The agent, or the subject of a token that names no agent.</summary>
    public string? Agent { get; init; }
    public string? Target { get; init; }

    /// <summary><c>schema.relation</c>, or the relation alone.</summary>
    public string? Relation { get; init; }
    public IdentifierClass? Class { get; init; }
    public Verdict? Verdict { get; init; }
    public RiskClasses? Risk { get; init; }
    public string? Rule { get; init; }
    public string? Refusal { get; init; }
    public string? Fingerprint { get; init; }

    /// <summary>One record.</summary>
    public long? Number { get; init; }
    public int Limit { get; init; } = 100;

    /// <summary>What it asks for beside the period, for people.</summary>
    internal string Describe()
    {
        (string Name, object? Value)[] parts =
        [
            ("session", Session), ("human", Human), ("agent", Agent), ("target", Target), ("relation", Relation), ("class", Class), ("verdict", Verdict), ("risk", Risk),
            ("rule", Rule), ("refusal", Refusal), ("fingerprint", Fingerprint), ("number", Number),
        ];
        return string.Join(", ", parts.Where(static part => part.Value is not null).Select(static part => $"{part.Name} {part.Value}"));
    }

    internal SqliteCommand ToCommand(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        var where = new List<string>();
        void Where(string condition, string name, object? value)
        {
            if (value is null) return;
            where.Add(condition);
            command.Parameters.AddWithValue(name, value);
        }

        Where("s.time >= $from", "$from", From?.UtcTicks);
        Where("s.time < $to", "$to", To?.UtcTicks);
        Where("s.session = $session", "$session", Session?.ToString());
        Where("n.human = $human", "$human", Human);
        Where("(n.agent = $agent or n.subject = $agent)", "$agent", Agent);
        Where("n.target = $target", "$target", Target);
        Where("s.verdict = $verdict", "$verdict", (long?)Verdict);
        Where("(s.risk & $risk) <> 0", "$risk", (long?)Risk);
        Where("(s.classes >> $class & 1) = 1", "$class", (int?)Class);
        Where("s.rule = $rule", "$rule", Rule);
        Where("s.refusal = $refusal", "$refusal", Refusal);
        Where("s.fingerprint = $fingerprint", "$fingerprint", Fingerprint);
        Where("s.number = $number", "$number", Number);
        if (Relation is not null)
        {
            // An execution has the relations of its intent.
            var matches = Relation.Contains('.', StringComparison.Ordinal) ? "relation = $relation" : "relation like '%.' || $relation";
            Where($"coalesce(s.intent, s.number) in (select number from relations where {matches})", "$relation", Relation);
        }

        command.CommandText = $"""
            select {StatementRow.Columns} from statements s left join sessions n on n.session = s.session
            {(where.Count == 0 ? "" : "where " + string.Join(" and ", where))} order by s.number desc limit $limit
            """;
        command.Parameters.AddWithValue("$limit", Limit);
        return command;
    }
}
