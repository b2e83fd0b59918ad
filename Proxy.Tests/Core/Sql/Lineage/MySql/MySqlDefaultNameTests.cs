using System.Text;
using MySqlConnector;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;
using Proxy.Core.Sql.Syntax;
using Proxy.Tests.Support;

namespace Proxy.Tests.Core.Sql.Lineage.MySql;

/// <summary>
/// A column that is given no name has the one that a real MariaDB gives it. Where ours were another, a name further in would mean a column for us and another
/// for the server: in <c>(select surname from (select 'sur' 'name') d)</c> the one further out.
/// </summary>
public sealed class MySqlDefaultNameTests
{
    private static readonly string[] Items =
    [
        "id", "ID", "(id)", "patients.id", "(patients.id)", "`id`", "patients.`ID`", "id as x", "id 'x'", "id as 'x y'", "'surname' as y", "*",
        "'surname'", "\"surname\"", "('surname')", "(('surname'))", "'sur' 'name'", "'sur' 'na' 'me'", "('sur' 'name')", "N'surname'", "n'sur' 'name'", "_utf8mb4'surname'", "_utf8mb4 'surname'",
        "_utf8mb4'sur' 'name'", "_utf8'surname'", "_latin1'surname'", "_utf8mb4 x'737572'", "_binary'surname'", "' surname'", "'  sur name  '", "'\\nsurname'", "'\\tsurname'", "'surname '", "''", "'   '", "'sur''name'",
        "'sur\\'name'", "'sur\\nname'", "'sur\\%name'", "'größe'", "' größe'", "'surname' collate utf8mb4_bin", "binary 'surname'", "{x 'surname'}", "{d '2024-01-01'}", "x'7375'", "X'7375'", "0x7375", "b'0101'", "date '2024-01-01'",
        "1", "(1)", "1.50", "1e3", "- 1", "-1", "+1", "null", "NULL", "\\N", "true", "TRUE", "false", "1 + 1", "(1 + 1)", "((1) + 1)", "id + 1", "id+1", "id  +  1", "id\n+ 1", "(id + 1)", "(id) + 1", "id /* x */ + 1",
        "/* c */ id + 1 /* d */", "/* c */ 'surname'", "/*! 'surname' */", "id -- x\n + 1", "count(*)", "COUNT( * )", "count(distinct id)", "max(id)", "concat('a', 'b')", "CONCAT('a','b')", "@v", "@V", "@`v w`", "@@sql_mode", "@@session.sql_mode",
        "(select 1)", "(select surname from patients limit 1)", "( select 'surname' )", "exists (select 1)", "case id when 1 then 2 end", "if(id, 1, 2)", "IF(id, 1, 2)", "ifnull(id, 2)", "coalesce(id)", "nullif(id, 2)",
        "now() + interval 1 day", "cast(id as char)", "CAST(id AS CHAR)", "convert(id, char)", "convert('x' using utf8mb4)", "not id", "! id", "!id", "id in (1, 2)", "id between 1 and 2", "id is null", "id like 1", "id = 1", "id <=> 1", "~id",
        "row_number() over ()", "ROW_NUMBER() OVER ( )", "current_date", "current_date()", "now()", "NOW( )", "user()", "length('surname')", "'a' = 'b'", "id div 2", "id mod 2", "id % 2", "id || 1", "id && 1", "id and 1", "id xor 1",
        "(@v)", "(@@sql_mode)", "(null)", "(true)", "(1.5)", "(x'41')", "(now())", "(count(*))", "+id", "+ id", "(+id)", "+'a'", "+(id + 1)", "+now()", "((select 1))", "(case id when 1 then 2 end)",
        "('a' collate utf8mb4_bin)", "binary(id)", "(- 1)", "-(1)", "(id)", "((id))", "(patients.id)", "(-id)", "- id", "(not id)", "(exists (select 1))", "({x 'surname'})", "{x 1}", "{x id}", "{x (id)}", "{x now()}",
        "(if(id, 1, 2))", "(coalesce(id))", "((id + 1))", "(date '2024-01-01')", "(_utf8mb4'a')", "(N'a')", "interval(1, 2)", "if(1, id, id)", "(cast(id as char))", "values(id)", "(row_number() over ())", "(group_concat(id))",
        "left('surname', 3)", "trim('surname')", "extract(year from now())", "substring('surname' from 2)", "position('a' in 'b')", "char(65)", "group_concat(id)", "date_add(now(), interval 1 day)",
    ];

    [Test]
    public async Task A_column_without_a_name_has_the_servers()
    {
        var server = await SharedServers.MariaDbAsync();
        var database = await server.CreateDatabaseAsync("names");
        await server.ExecuteAsync(database, "create table patients (id int primary key, surname varchar(40)); insert into patients values (1, 'x')");
        await using var connection = await server.OpenAsync(database);
        var more = new[] { new string('x', 300), new string('ä', 300) }.SelectMany(static text => (string[])[$"'{text}'", $"concat('{text}')", $"length('{text}') + id"])
            .Append($"'{new string('y', 3_000)}'").Append($"' {new string('y', 300)}'").Append($"id{new string(' ', 300)}+ 1").ToArray();
        var different = new List<string>();
        var compared = 0;
        foreach (var item in Items.Concat(more))
            foreach (var text in (string[])[$"select * from (select {item} from patients) d", $"create or replace temporary table made as select {item} from patients; select * from made"])
            {
                if (await NameAsync(connection, text) is not { } theirs) continue; // Refused, as a name that ends in a space is.
                if (await OursAsync(text.Split("; ")[0]) is not { } ours) continue; // Opaque, where names matter.
                compared++;
                if (!string.Equals(theirs, ours, StringComparison.OrdinalIgnoreCase))
                    different.Add($"{Shortened(item)}: '{Shortened(theirs)}' ({Encoding.UTF8.GetByteCount(theirs)} bytes), ours '{Shortened(ours)}' ({Encoding.UTF8.GetByteCount(ours)} bytes) {text[..12]}");
            }

        Assert.That(compared, Is.GreaterThan(Items.Length));
        Assert.That(different, Is.Empty, string.Join('\n', different));
    }

    private static string Shortened(string text) => text.Length > 60 ? text[..60] : text;

    private static async Task<string?> NameAsync(MySqlConnection connection, string text)
    {
        await using var command = new MySqlCommand(text, connection);
        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            return reader.GetName(0);
        }
        catch (MySqlException)
        {
            return null;
        }
    }

    /// <summary>Null where the statement is opaque.</summary>
    private static async Task<string?> OursAsync(string text)
    {
        var analysis = await MySqlLineageFixture.FrontEnd.AnalyseAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None);
        if (analysis is not { Status: AnalysisStatus.Read, Statements: [{ Syntax: { } syntax } reading] }) return $"not read: {analysis.Status}";
        var query = syntax switch
        {
            QueryStatement { Query: SelectQuery { From: [SubquerySource { Query: SelectQuery derived }] } } => derived,
            CreateTableAsStatement { Inner: QueryStatement { Query: SelectQuery made } } => made,
            _ => throw new InvalidOperationException(text),
        };
        var target = query.Targets[0];
        return reading.OpaqueBecause is not null ? null : target.Value is ColumnReference { IsStar: true } ? "id" : TargetNames.Of(target);
    }
}
