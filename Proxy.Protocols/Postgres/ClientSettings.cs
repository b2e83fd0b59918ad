using System.Text;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// The settings that a client asks for in its StartupMessage, in names of their own and in <c>options</c>. They are judged as SET would be: a
/// setting that changes how statements are read must not come in by the door.
/// </summary>
internal static class ClientSettings
{
    private static readonly HashSet<string> NotSettings = new(StringComparer.Ordinal) { "user", "database", "options", "replication" };

    /// <summary>The settings in order, or what is not allowed about them. Names are as the client wrote them.</summary>
    public static Refusal? Read(StartupMessage start, out List<KeyValuePair<string, string>> settings)
    {
        settings = [];
        foreach (var parameter in start.Parameters)
            if (!NotSettings.Contains(parameter.Key) && !parameter.Key.StartsWith("_pq_.", StringComparison.Ordinal))
                settings.Add(parameter);
        if (start["options"] is { } options && !TryReadOptions(options, settings))
            return Refusals.SettingNotAllowed.Because("options may hold only -c name=value and --name=value");
        foreach (var (name, value) in settings)
        {
            var setting = name.Replace('-', '_');
            if (setting.Equals("client_encoding", StringComparison.OrdinalIgnoreCase) && !IsUtf8(value))
                return Refusals.EncodingNotAllowed.Because("client_encoding is set in the start-up packet");
            if (!SettingRules.IsAllowed(new SettingMention(setting, value, IsChanged: true, IsLiteral: true, IsLocal: false)))
                return Refusals.SettingNotAllowed.Because($"{setting} in the start-up packet");
        }

        return null;
    }

    /// <summary>pg_char_to_encoding ignores case and everything that is neither letter nor digit; quotes come from drivers.</summary>
    private static bool IsUtf8(string value)
    {
        var name = new string([.. value.Where(char.IsAsciiLetterOrDigit)]).ToLowerInvariant();
        return name is "utf8" or "unicode";
    }

    /// <summary>process_postgres_switches, as far as it sets variables. A backslash takes the next character as it is (pg_split_opts).</summary>
    private static bool TryReadOptions(string options, List<KeyValuePair<string, string>> settings)
    {
        var words = Split(options);
        for (var i = 0; i < words.Count; i++)
        {
            var assignment = words[i] switch
            {
                "-c" when i + 1 < words.Count => words[++i],
                ['-', 'c', .. var joined] => joined,
                ['-', '-', .. var named] => named,
                _ => "",
            };
            var equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) return false;
            settings.Add(new KeyValuePair<string, string>(assignment[..equals], assignment[(equals + 1)..]));
        }

        return true;
    }

    private static List<string> Split(string options)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isInWord = false;
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i] is ' ' or '\t' or '\n' or '\r' or '\v' or '\f')
            {
                if (isInWord) words.Add(word.ToString());
                word.Clear();
                isInWord = false;
                continue;
            }

            if (options[i] == '\\' && i + 1 < options.Length) i++;
            word.Append(options[i]);
            isInWord = true;
        }

        if (isInWord) words.Add(word.ToString());
        return words;
    }
}
