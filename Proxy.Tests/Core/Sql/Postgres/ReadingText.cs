using System.Text;
using Proxy.Core.Sql;

namespace Proxy.Tests.Core.Sql.Postgres;

/// <summary>A reading on one line, empty parts left out: what the table of readings compares.</summary>
internal static class ReadingText
{
    public static string Of(StatementReading reading)
    {
        var line = new StringBuilder(reading.Kind.ToString());
        Append(line, "rel", reading.Relations.Select(relation => $"{relation.Name}{(relation.IsWritten ? "!" : "")}"));
        Append(line, "fn", reading.Functions.Select(name => name.ToString()));
        Append(line, "op", reading.Operators.Select(name => name.ToString()));
        Append(line, "type", reading.Types.Select(name => name.ToString()));
        Append(line, "set", reading.Settings.Select(Setting));
        Append(line, "col", reading.Columns);
        Append(line, "attr", reading.Attributes);
        Append(line, "stored", reading.StoredColumns);
        Append(line, "in", reading.NestedKinds.Select(kind => kind.ToString()));
        if (reading.ObjectName is not null) line.Append($" name({reading.ObjectName})");
        if (reading.IsHoldable) line.Append(" holdable");
        if (reading.IsChained) line.Append(" chained");
        if (reading.IsReadOnly) line.Append(" readonly");
        if (reading.MinimumServerVersion > 0) line.Append($" since({reading.MinimumServerVersion})");
        if (reading.OpaqueBecause is not null) line.Append($" opaque({reading.OpaqueBecause})");
        if (reading.Inner is not null) line.Append($" inner({reading.Inner.Kind})");
        return line.ToString();
    }

    private static string Setting(SettingMention setting) =>
        $"{setting.Name}{(setting.IsChanged ? "=" : "?")}{setting.Value}{(setting.IsLiteral ? "" : "<computed>")}{(setting.IsLocal ? "@local" : "")}";

    private static void Append(StringBuilder line, string part, IEnumerable<string> items)
    {
        string joined = string.Join(", ", items);
        if (joined.Length > 0) line.Append($" {part}({joined})");
    }
}
