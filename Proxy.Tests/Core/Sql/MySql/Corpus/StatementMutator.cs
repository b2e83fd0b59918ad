namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>Makes statements that are nearly right, with what lexers trip over put anywhere.</summary>
internal sealed class StatementMutator(Random random)
{
    private static readonly string[] Seeds =
    [
        "select id, dob from patients where id = 1",
        "select p.id from patients p join visits v on v.patient_id = p.id where v.day > '2020-01-01'",
        "select 'it''s', \"double\", `id` from patients",
        "select id from patients where dob in (select day from visits where id = 5)",
        "select count(*) from visits group by day having count(*) > 1 order by 1 limit 3",
        "with v as (select id, day from visits) select * from v",
        "select 1 union select id from visits order by 1",
        "insert into visits (id, day) values (1, '2020-01-01')",
        "insert into visits select id, id, dob, 'x' from patients on duplicate key update day = values(day)",
        "update visits set day = '2020-01-01' where id = 1",
        "update visits v, patients p set v.day = p.dob where v.id = p.id",
        "delete from visits where id = 1",
        "delete v from visits v join patients p on p.id = v.id where p.dob is null",
        "select case when id > 1 then 'a\\'b' else \"c\\\"d\" end from visits",
        "select date_add(dob, interval 1 day), cast(id as char), concat('x', id) from patients",
        "select id || dob from patients where not id = 1 and dob is not null",
        "select row_number() over (partition by day order by id) from visits",
        "select 1 /* comment */ from visits -- end\n where id = 2",
        "select x'4142', 0x41, b'1', N'n', _utf8mb4'u', date '2020-01-01', 1e5, .5, 1. from patients",
        "select * from (select id as a, day as b from visits) d where a = 1",
        "explain select id from patients",
        "select @a := id, @@version from visits",
        "do 1 + 2, sleep(0)",
        "select id from visits where day between '2020-01-01' and '2021-01-01' or day like '2020%' escape '!'",
        "select exists (select 1 from visits where patient_id = p.id) from patients p",
        "select p.id from patients p natural join visits",
        "select id from patients where (id, dob) in ((1, '2000-01-01'), (2, '2001-01-01'))",
    ];

    private static readonly string[] Pieces =
    [
        "/*!", "/*!50000 ", "/*!80000 ", "/*!100000 ", "/*!999999 ", "/*M!", "/*M!100000 ", "/*M!999999 ", "/*", "*/", "/**/", "/*!*/", "--", "-- ", "--\n", "#", "\n", "\t", " ",
        "'", "''", "\"", "\"\"", "`", "``", "\\", "\\'", "\\\"", "\\\\", "(", ")", "((", "))", ",", ".", ";", "@", "@@", ":=", "=", "<=>", "!", "!=", "<", ">", "|", "||", "&&", "-", "+", "*", "%", "~", "^",
        "0x", "x'", "b'", "N'", "_utf8mb4", "_latin1", "_binary", "1e", "1.", ".1", "?", "{", "}", "é", "\u00a0", "\u2028",
        " ssn ", ", ssn", ", name", ", note", " note ", "ssn", "`ssn`", "\"ssn\"", "patients.ssn", "(select ssn from patients limit 1)", " union select ssn from patients ", " union all select note from visits ",
        ", patients", ", visits", " join visits ", " from patients ", " as ", " where ", " and ", " or ", " not ", " null ", " in ", " interval ", " day ", " binary ", " collate utf8mb4_bin ",
        "count(", "count (", "count/**/(", "substring(", "max(", "if(", "values(", "exists ", " all ", " distinct ", " straight_join ", " partition ", " using (id) ", " natural ", " left ", " into @v ", " limit 1 ",
        " for update ", " returning ssn ", " on duplicate key update note = ", " ignore ", " window ", " over () ", " use index (primary) ", " procedure analyse() ", "\\N", " select ", " key ", " div ", " mod ",
    ];

    public string Next()
    {
        var text = Seed();
        var mutations = 1 + Math.Max(0, random.Next(6) - 3);
        for (var i = 0; i < mutations; i++)
            text = Mutated(text);
        return text;
    }

    private string Mutated(string text)
    {
        if (text.Length == 0)
            return Seed();
        var at = random.Next(text.Length + 1);
        switch (random.Next(10))
        {
            case 0:
                var length = Math.Min(1 + random.Next(4), text.Length - at);
                return text.Remove(at, length);
            case 1:
                var from = random.Next(text.Length);
                return text.Insert(at, text.Substring(from, Math.Min(random.Next(12), text.Length - from)));
            case 2:
                var other = Seed();
                return text[..at] + other[random.Next(other.Length)..];
            case 3:
                // A pair around a part: quotes and comments that close.
                var (open, close) = Pair();
                var end = random.Next(at, text.Length + 1);
                return text[..at] + open + text[at..end] + close + text[end..];
            case >= 4 and <= 7:
                return Between(text, Piece());
            default:
                return text.Insert(at, Piece());
        }
    }

    /// <summary>Where a space is, so that most of the statement stays what it was.</summary>
    private string Between(string text, string piece)
    {
        var space = text.IndexOf(' ', random.Next(text.Length));
        return space < 0 ? text + piece : text[..space] + piece + text[(space + (random.Next(2) == 0 ? 1 : 0))..];
    }

    private (string Open, string Close) Pair() => random.Next(8) switch
    {
        0 => ("'", "'"),
        1 => ("\"", "\""),
        2 => ("`", "`"),
        3 => ("/*!", "*/"),
        4 => ("/*!80000 ", "*/"),
        5 => ("/*M!100000 ", "*/"),
        6 => ("(", ")"),
        _ => ("/*", "*/"),
    };

    private string Seed() => Seeds[random.Next(Seeds.Length)];

    private string Piece() => Pieces[random.Next(Pieces.Length)];
}
