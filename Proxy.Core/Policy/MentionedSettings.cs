using Proxy.Core.Sql;

namespace Proxy.Core.Policy;

/// <summary>What a statement does with session settings.</summary>
/// <param name="Changes">Whether it changes any.</param>
/// <param name="IsShown">Whether what it reads of settings may be shown as it is.</param>
/// <param name="ChangesReading">Whether the server would read later statements otherwise than they are read here.</param>
/// <param name="Refusal">Why a change is not allowed; null when all are.</param>
internal readonly record struct MentionedSettings(bool Changes, bool IsShown, bool ChangesReading, RefusalKind? Refusal, IReadOnlyList<string> Findings)
{
    public static MentionedSettings Judge(StatementReading reading, SqlDialect dialect = SqlDialect.Postgres)
    {
        var changes = false;
        // SHOW ALL names no setting and prints those that anybody invented.
        var isShown = reading.Kind is not StatementKind.ShowSetting || !reading.Settings.IsEmpty;
        var changesReading = false;
        RefusalKind? refusal = null;
        var findings = new List<string>();
        foreach (var setting in reading.Settings)
        {
            var isMySql = dialect is SqlDialect.MySql;
            isShown &= isMySql ? MySqlSettingRules.IsShown(setting.Name) : SettingRules.IsShown(setting.Name);
            if (!setting.IsChanged)
                continue;
            changes = true;
            if (reading.Kind is StatementKind.ResetSetting or StatementKind.SetTransaction or StatementKind.Begin
                || (isMySql ? MySqlSettingRules.IsAllowed(setting) : SettingRules.IsAllowed(setting)))
                continue;
            findings.Add($"setting {setting.Name}");
            changesReading |= isMySql ? MySqlSettingRules.IsReadBy(setting.Name) : SettingRules.IsReadBy(setting.Name);
            refusal ??= setting.Name.Equals("client_encoding", StringComparison.OrdinalIgnoreCase) || (isMySql && MySqlSettingRules.IsCharacterSet(setting.Name)) ? Refusals.EncodingNotAllowed : Refusals.SettingNotAllowed;
        }
        if (reading.Kind is StatementKind.SetSetting && reading.Settings.IsEmpty)
            refusal = Refusals.SettingNotAllowed;
        return new MentionedSettings(changes, isShown, changesReading, refusal, findings);
    }
}
