using System.Globalization;
using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Reading;

/// <summary>Settings that a statement changes or shows. Their names are compared without case by the server, so they are given in lower case.</summary>
internal static class SettingReader
{
    /// <summary>RESET ALL and SHOW ALL.</summary>
    private const string All = "all";

    /// <summary>What SET and RESET change, and the kind of such a statement.</summary>
    public static StatementKind AddSet(TreeText text, int statement, Mentions found)
    {
        ReadOnlySpan<byte> kind = text.RawOf(statement, TreeField.Kind);
        string name = text.NameOf(statement, TreeField.Name) ?? All;
        if (kind.SequenceEqual("VAR_SET_MULTI"u8)) return AddTransactionModes(text, statement, name, found);

        bool isLocal = text.Tree.Has(statement, TreeField.IsLocal);
        if (kind.SequenceEqual("VAR_SET_VALUE"u8))
        {
            bool isLiteral = TryReadValue(text, statement, IsListOfNames(name), out string? value);
            found.Settings.Add(new SettingMention(Lower(name), value, IsChanged: true, isLiteral, isLocal));
            return StatementKind.SetSetting;
        }

        bool isReset = kind.StartsWith("VAR_RESET"u8);
        if (!isReset && !kind.SequenceEqual("VAR_SET_DEFAULT"u8)) found.Opaque("a form of SET the reader does not know");
        found.Settings.Add(new SettingMention(Lower(name), Value: null, IsChanged: true, IsLiteral: true, isLocal));
        return isReset ? StatementKind.ResetSetting : StatementKind.SetSetting;
    }

    public static void AddShow(TreeText text, int statement, Mentions found)
    {
        string name = text.NameOf(statement, TreeField.Name) ?? All;
        found.Settings.Add(new SettingMention(Lower(name), Value: null, IsChanged: false, IsLiteral: true, IsLocal: false));
    }

    /// <summary>set_config(name, value, is_local). A name or a scope that is computed makes the statement opaque.</summary>
    public static void AddCall(TreeText text, int call, Mentions found)
    {
        Span<int> arguments = stackalloc int[3];
        int count = 0;
        int end = text.Tree[call].End;
        for (int child = call + 1; child < end; child = text.Tree[child].End)
        {
            if (text.Tree[child].Field != TreeField.Args) continue;
            if (count < arguments.Length) arguments[count] = child;
            count++;
        }

        if (count != arguments.Length
            || !TryReadConstant(text, arguments[0], out string? name) || name is null
            || !TryReadBoolean(text, arguments[2], out bool isLocal))
        {
            found.Opaque("set_config with a computed argument");
            return;
        }

        bool isLiteral = TryReadConstant(text, arguments[1], out string? value);
        found.Settings.Add(new SettingMention(Lower(name), value, IsChanged: true, isLiteral, isLocal));
    }

    /// <summary>True when one of the modes says READ ONLY.</summary>
    public static bool IsReadOnly(TreeText text, int statement, TreeField modes)
    {
        bool isReadOnly = false;
        int end = text.Tree[statement].End;
        for (int mode = statement + 1; mode < end; mode = text.Tree[mode].End)
        {
            if (text.Tree[mode].Field != modes || !text.Is(mode, TreeField.Defname, "transaction_read_only"u8)) continue;
            isReadOnly = TryReadConstant(text, text.Tree.Child(mode, TreeField.Arg), out string? value) && value == "1";
        }

        return isReadOnly;
    }

    /// <summary>
    /// SET TRANSACTION changes this transaction, SET SESSION CHARACTERISTICS the defaults of the next ones: settings by other names.
    /// </summary>
    private static StatementKind AddTransactionModes(TreeText text, int statement, string name, Mentions found)
    {
        AddModes(text, statement, TreeField.Args, isLocal: name != "SESSION CHARACTERISTICS", found);
        return StatementKind.SetTransaction;
    }

    /// <summary>The modes of a transaction as the settings that they change; BEGIN has them as options.</summary>
    public static void AddModes(TreeText text, int statement, TreeField modes, bool isLocal, Mentions found)
    {
        int end = text.Tree[statement].End;
        for (int mode = statement + 1; mode < end; mode = text.Tree[mode].End)
        {
            if (text.Tree[mode].Field != modes) continue;
            if (text.NameOf(mode, TreeField.Defname) is not { } setting)
            {
                // TRANSACTION SNAPSHOT has a constant in place of the modes.
                found.Settings.Add(new SettingMention("transaction_snapshot", Value: null, IsChanged: true, IsLiteral: true, IsLocal: true));
                continue;
            }

            bool isLiteral = TryReadConstant(text, text.Tree.Child(mode, TreeField.Arg), out string? value);
            if (setting != "transaction_isolation") value = value == "1" ? "on" : "off";
            found.Settings.Add(new SettingMention(isLocal ? setting : $"default_{setting}", value, IsChanged: true, isLiteral, isLocal));
        }
    }

    /// <summary>The value as the server will hold it: a list is joined by commas, and where it is one of names each is quoted as needed.</summary>
    private static bool TryReadValue(TreeText text, int statement, bool isListOfNames, out string? value)
    {
        value = null;
        int end = text.Tree[statement].End;
        for (int argument = statement + 1; argument < end; argument = text.Tree[argument].End)
        {
            if (text.Tree[argument].Field != TreeField.Args) continue;
            if (!TryReadConstant(text, argument, out string? part) || part is null)
            {
                value = null;
                return false;
            }

            if (isListOfNames) part = QuoteIdentifier(part);
            value = value is null ? part : $"{value}, {part}";
        }

        return value is not null;
    }

    /// <summary>A literal's text. True with null for NULL.</summary>
    private static bool TryReadConstant(TreeText text, int index, out string? value)
    {
        value = null;
        if (index < 0 || text.Tree[index].Type != TreeNodeType.AConst) return false;
        int content = index + 1;
        if (content >= text.Tree[index].End) return false;
        int inner = content + 1 < text.Tree[content].End ? content + 1 : -1;
        switch (text.Tree[content].Type)
        {
            case TreeNodeType.String or TreeNodeType.Float:
                value = inner < 0 ? "" : text.Name(inner);
                return true;
            case TreeNodeType.Integer:
                value = (inner < 0 ? 0 : text.Tree.Number(inner)).ToString(CultureInfo.InvariantCulture);
                return true;
            case TreeNodeType.Boolean:
                value = inner < 0 ? "false" : "true";
                return true;
            default:
                return text.Tree[content].Field == TreeField.Isnull;
        }
    }

    private static bool TryReadBoolean(TreeText text, int index, out bool value)
    {
        bool isRead = TryReadConstant(text, index, out string? word);
        value = word == "true";
        return isRead && word is "true" or "false";
    }

    /// <summary>Settings that the server flags as lists of quoted names.</summary>
    private static bool IsListOfNames(string name) =>
        Lower(name) is "search_path" or "temp_tablespaces" or "session_preload_libraries" or "shared_preload_libraries"
            or "local_preload_libraries" or "unix_socket_directories";

    /// <summary>Quotes whatever is not plainly a name in lower case; the server quotes key words as well, which changes no meaning here.</summary>
    private static string QuoteIdentifier(string name)
    {
        bool isPlain = name.Length > 0 && !char.IsAsciiDigit(name[0])
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
        return isPlain ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Lower(string name) => name.Any(char.IsAsciiLetterUpper) ? name.ToLowerInvariant() : name;
}
