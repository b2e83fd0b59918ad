using System.Text;

namespace Proxy.Core.Explaining;

/// <summary>An explanation for people.</summary>
public static class ExplanationText
{
    public static string Write(Explanation explanation)
    {
        var text = new StringBuilder();
        text.Append("identity   ").AppendLine(explanation.Identity);
        text.Append("target     ").Append(explanation.Target).Append('/').AppendLine(explanation.Database);
        text.Append("policy     ").AppendLine(explanation.PolicyVersion);
        if (!explanation.Budget.IsEmpty)
            text.Append("budget     ").AppendJoin(", ", explanation.Budget.Select(static limit => $"{limit.Key} {limit.Value}")).AppendLine(" within an hour");
        if (explanation.Status != "read")
            text.Append("status     ").AppendLine(explanation.Status);
        foreach (var statement in explanation.Statements)
            Write(statement, text);
        text.AppendLine().Append("decision   ").AppendLine(Line(explanation.Decision));
        if (explanation.Decision.Instead is { } instead)
            text.Append("instead    ").AppendLine(instead);
        return text.ToString();
    }

    private static void Write(StatementExplanation statement, StringBuilder text)
    {
        text.AppendLine().Append("statement  ").Append(statement.Kind).Append(" at ").Append(statement.Start).Append('+').Append(statement.Length).AppendLine();
        List(text, "tree", statement.Tree);
        List(text, "relations", statement.Relations.Select(static relation =>
            $"{relation.Name}{(relation.IsWritten ? " (written)" : "")}{(!relation.IsKnown ? " (not known)" : relation.CarriesPhi ? " (PHI)" : "")}"));
        List(text, "functions", statement.Functions);
        List(text, "operators", statement.Operators.Length == 0 ? [] : [string.Join(' ', statement.Operators)]);
        List(text, "columns", statement.HasLineage
            ? statement.Columns.Select(static column => $"{column.Name}: {(column.Shown is null ? "" : $"{column.Shown}; ")}{column.Derivation}; {column.Why}")
            : ["lineage is not known: judged by the origins that the server names"]);
        List(text, "conditions", statement.Conditions.Select(static condition => $"{condition.Form} by {Names(condition.Sources)}"));
        List(text, "writes", statement.Writes.Select(static write =>
            $"{write.Into} ({write.Class}) from {(write.Sources.Length == 0 ? "no column" : Names(write.Sources))}"));
        List(text, "risk", [string.Join(", ", statement.Risk)]);
        List(text, "findings", statement.Findings);
        List(text, "rules", statement.Rules.Select(static rule => $"{rule.Rule}: {(rule.IsMatch ? "matches: " : "")}{rule.Why}"));
    }

    private static string Line(DecisionExplanation decision) =>
        decision.Verdict
        + (decision.Profile is null ? "" : $" {decision.Profile}")
        + (decision.Rule is null ? "" : $", by rule {decision.Rule}")
        + (decision.Code is null ? "" : $", code {decision.Code}: {decision.Why}");

    private static string Names(IEnumerable<SourceExplanation> sources) =>
        string.Join(", ", sources.Select(static source => $"{source.Column} ({source.Class})")) is { Length: > 0 } names ? names : "what nobody understood";

    private static void List(StringBuilder text, string title, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            text.Append(title.PadRight(11)).AppendLine(line);
            title = "";
        }
    }
}
