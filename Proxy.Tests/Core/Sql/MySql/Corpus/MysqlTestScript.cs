using System.Text;

namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>
/// The statements of a script in the language of mysqltest (https://mariadb.com/kb/en/mysqltest/). Its own commands, and statements that use its
/// variables, are left out.
/// </summary>
internal sealed class MysqlTestScript(string text)
{
    private static readonly HashSet<string> Commands = new(
        ("let eval echo error exec exec_in_background source connect connection disconnect inc dec sleep real_sleep die skip exit query query_vertical "
            + "query_horizontal send send_eval send_quit reap dirty_close ping system change_user evalp execw "
            + "replace_column replace_result replace_regex sorted_result lowercase_result result_format list_files list_files_write_file remove_file remove_files_wildcard "
            + "copy_file copy_files_wildcard move_file chmod mkdir rmdir cat_file diff_files file_exists save_master_pos sync_with_master sync_slave_with_master "
            + "horizontal_results vertical_results shutdown_server wait_for_slave_to_stop character_set disable_abort_on_error enable_abort_on_error "
            + "disable_connect_log enable_connect_log disable_info enable_info disable_metadata enable_metadata disable_parsing enable_parsing "
            + "disable_ps_protocol enable_ps_protocol disable_ps2_protocol enable_ps2_protocol disable_query_log enable_query_log disable_reconnect "
            + "enable_reconnect disable_result_log enable_result_log disable_rpl_parse enable_rpl_parse disable_session_track_info enable_session_track_info "
            + "disable_warnings enable_warnings disable_cursor_protocol enable_cursor_protocol disable_view_protocol enable_view_protocol "
            + "disable_non_blocking_api enable_non_blocking_api disable_prepare_warnings enable_prepare_warnings disable_service_connection "
            + "enable_service_connection optimizer_trace enable_column_names disable_column_names reset_connection result if while end start_timer end_timer").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    private int _at;
    private string _delimiter = ";";

    public IEnumerable<string> Statements()
    {
        while (_at < text.Length)
        {
            if (SkipLine())
                continue;
            var statement = Next();
            if (statement.StartsWith("delimiter", StringComparison.OrdinalIgnoreCase))
                _delimiter = statement["delimiter".Length..].Trim() is { Length: > 0 } changed ? changed : _delimiter;
            else if (statement.Length > 0 && !statement.Contains('$', StringComparison.Ordinal) && !Commands.Contains(FirstWord(statement)))
                yield return statement;
        }
    }

    public static string FirstWord(string statement)
    {
        var length = 0;
        while (length < statement.Length && (char.IsAsciiLetterOrDigit(statement[length]) || statement[length] == '_'))
            length++;
        return statement[..length];
    }

    /// <summary>Blank lines, comments, commands on a line of their own, braces and the files that are written into a script.</summary>
    private bool SkipLine()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
        if (_at >= text.Length)
            return true;
        var end = text.IndexOf('\n', _at);
        end = end < 0 ? text.Length : end;
        var line = text[_at..end].Trim();
        var word = FirstWord(line.TrimStart('-', ' '));
        if (word.Equals("perl", StringComparison.OrdinalIgnoreCase) || word is "write_file" or "append_file")
        {
            var stop = text.IndexOf("\nEOF", end, StringComparison.Ordinal);
            var other = line.Split(' ')[^1].TrimEnd(';');
            if (stop < 0 && other.Length > 0)
                stop = text.IndexOf($"\n{other}", end, StringComparison.Ordinal);
            _at = stop < 0 ? text.Length : Math.Min(text.Length, text.IndexOf('\n', stop + 1) is var next and > 0 ? next : text.Length);
            return true;
        }
        if (line[0] is not ('#' or '}' or '{') && !line.StartsWith("--", StringComparison.Ordinal)
            && !(word is "if" or "while" && !line.Contains(" begin", StringComparison.OrdinalIgnoreCase) && line.TrimStart()[word.Length..].TrimStart().StartsWith('(')))
            return false;
        _at = end;
        return true;
    }

    /// <summary>To the delimiter, which does not count in quotes and comments.</summary>
    private string Next()
    {
        var statement = new StringBuilder();
        var quote = '\0';
        for (; _at < text.Length; _at++)
        {
            var c = text[_at];
            if (quote == '\0' && string.CompareOrdinal(text, _at, _delimiter, 0, _delimiter.Length) == 0)
            {
                _at += _delimiter.Length;
                break;
            }
            if (quote == '\0' && (c == '#' || (c == '-' && _at + 2 < text.Length && text[_at + 1] == '-' && char.IsWhiteSpace(text[_at + 2]))))
            {
                var end = text.IndexOf('\n', _at);
                _at = (end < 0 ? text.Length : end) - 1;
                continue;
            }
            if (quote == '\0' && c is '\'' or '"' or '`')
                quote = c;
            else if (c == quote)
                quote = '\0';
            else if (c == '\\' && quote is '\'' or '"' && _at + 1 < text.Length)
                statement.Append(text[_at++]);
            statement.Append(text[_at]);
        }
        return statement.ToString().Trim();
    }
}
