namespace Proxy.Tests.Live.Model.MySql;

/// <summary>The statements that sequences are made of. Every number in the table log is written in the text, so that both sides have the same rows.</summary>
internal static class MySqlModelTexts
{
    public static readonly string[] Rows =
    [
        "select n from item order by n", "select n, label, n * 2 as twice from item order by n", "select 42", "select repeat('x', 300)", "select * from log order by n",
        "insert into log (n, what) values (1, 'plain')", "insert into log (n, what) select n + 10, label from item where n < 3", "update log set what = concat(what, '!')",
        "delete from log where n % 2 = 0", "replace into log (n, what) values (2, 'replaced')", "with c as (select n from item) select count(*) from c", "values (1), (2)",
        "call two()", "do 1", "insert into log (n, what) values (20, 'a') on duplicate key update what = 'again'",
    ];

    public static readonly string[] Several =
    [
        "select 1; select 2", "select n from item where n < 3; call two(); do 1", "begin; insert into log (n, what) values (60, 'one'); insert into log (n, what) values (61, 'two')",
        "insert into log (n, what) values (62, 'kept'); selekt; insert into log (n, what) values (63, 'never')", "commit; select * from log order by n", "rollback; select 1",
        "set autocommit = 0; delete from log", "prepare p1 from 'select 5'; execute p1; deallocate prepare p1; execute p1", "select missing; select 'never'",
        "start transaction; savepoint a; update log set what = 'a'; rollback to savepoint a",
    ];

    public static readonly string[] Failing =
    [
        "insert into log (n, what) values (5, 'a'), (5, 'b')", "select * from missing", "selekt", "select (select n from item)", "insert into log (n, what) values ('x', 'y')",
        "select missing from item", "call missing()", "insert into log (n) values (null)", "",
    ];

    public static readonly string[] Noisy =
    [
        "set @a = 5", "select @a", "set autocommit = 0", "set autocommit = 1", "insert ignore into log (n, what) values (30, repeat('w', 200))",
        "show tables like 'it%'", "explain select n from item where n = 1",
    ];

    public static readonly string[] Transactions =
    [
        "begin", "begin", "start transaction", "start transaction read only", "commit", "commit", "rollback", "rollback", "commit and chain", "rollback and chain",
        "savepoint a", "savepoint b", "release savepoint a", "rollback to savepoint a", "rollback to savepoint b",
    ];

    public static readonly string[] Names =
    [
        "prepare p1 from 'select n from item order by n'", "prepare p2 from 'select ? + 1'", "prepare p1 from 'selekt'", "prepare p3 from 'insert into log (n, what) values (40, ''p3'')'",
        "execute p1", "execute p3", "set @x = 3", "execute p2 using @x", "deallocate prepare p1", "deallocate prepare p2", "execute p9",
    ];

    /// <summary>With how many parameters each has.</summary>
    public static readonly (string Text, int Parameters)[] Prepared =
    [
        ("select n from item order by n", 0), ("select n, repeat(label, 20) from item order by n", 0), ("insert into log (n, what) values (50, 'prepared')", 0),
        ("delete from log where n > 2", 0), ("select ? + 1", 1), ("select n, label from item where n > ? order by n", 1), ("update log set what = ? where n = 1", 1),
        ("select ?, ?", 2), ("insert into log (n, what) values (?, ?)", 2), ("select n from item where label = ? or n = ? order by n", 2), ("call two()", 0),
        ("select (select n from item where n > 2)", 0), ("commit", 0), ("begin", 0),
    ];

    public static readonly string[] FailingPrepared = ["selekt ?", "select * from missing where a = ?", "select missing from item", "prepare p1 from ?"];

    /// <summary>What <see cref="MySqlModelDatabase.Policy"/> refuses.</summary>
    public static readonly string[] Refused =
        ["drop table secret", "create table secret2 (n int)", "alter table secret add column m int", "truncate table secret", "create index secret_n on secret (n)", "rename table secret to secret3"];
}
