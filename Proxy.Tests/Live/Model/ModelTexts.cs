namespace Proxy.Tests.Live.Model;

/// <summary>The statements that sequences are made of.</summary>
internal static class ModelTexts
{
    /// <summary>Statements without parameters that read or write rows: what EXECUTE may run.</summary>
    public static readonly string[] Rows =
    [
        "select n from item order by n",
        "select n, label, n * 2 as twice from item order by n",
        "select 42",
        "select",
        "insert into log (what) values ('plain')",
        "insert into log (what) values ('with id') returning id",
        "insert into log (what) select label from item where n < 3",
        "update log set what = what || '!'",
        "delete from log where id % 2 = 0 returning what",
        "with w as (insert into log (what) values ('cte') returning id) select id from w",
        "values (1), (2), (3)",
        "table item",
    ];

    public static readonly string[] Others = ["", "-- nothing", "show application_name", "explain (costs off) select n from item where n = 1"];

    public static readonly string[] Failing =
    [
        "select 1/0",
        "select 1/(n - 3) from item order by n",
        "select * from missing",
        "insert into log (id, what) values (1, 'twice'), (1, 'twice')",
        "selec 1",
        "select 'x'::int",
        "select n from item where label = 1",
    ];

    public static readonly string[] Noisy =
    [
        "do $$ begin raise notice 'said'; end $$",
        "set application_name = 'model'",
        "reset application_name",
        "set local work_mem = '4MB'",
        "rollback",
        "copy item to stdout",
        "copy (select n from item where n < 3) to stdout with (format binary)",
        "copy (select 1/(n - 3) from item order by n) to stdout",
        "listen model; notify model, 'payload'; unlisten *",
    ];

    public static readonly string[] Transactions =
    [
        "begin", "begin", "begin", "start transaction read only", "commit", "commit", "rollback", "rollback", "commit and chain", "rollback and chain",
        "savepoint a", "savepoint a", "savepoint b", "savepoint b", "release a", "release b", "rollback to a", "rollback to a", "rollback to b",
    ];

    public static readonly string[] Names =
    [
        "prepare s1 as select n from item order by n", "prepare s2(int) as select $1 + n from item order by n", "prepare s3 as insert into log (what) values ('s3')",
        "deallocate s1", "deallocate s2", "deallocate s3", "deallocate all", "discard all", "discard plans",
        "declare p1 cursor for select n from item order by n", "declare p2 cursor for select label from item order by n",
        "declare c1 cursor for select n, label from item order by n", "declare c1 cursor for select 1/(n - 3) from item order by n",
        "declare c2 cursor with hold for select n from item order by n", "declare c2 scroll cursor with hold for select label from item order by n",
        "close c1", "close c2", "close p1", "close p3", "close all",
    ];

    /// <summary>What ends only when somebody cancels it.</summary>
    public static readonly string[] Sleeping =
    [
        "select pg_sleep(300)", "insert into log (what) select 'slept' || pg_sleep(300)", "select n, pg_sleep(300 * (n - 1)) from item order by n",
        "copy (select n, pg_sleep(300 * (n - 1)) from item order by n) to stdout", "explain (analyze, costs off) select pg_sleep(300)",
        "prepare s1 as select n, pg_sleep(300) from item", "declare c1 cursor for select n, pg_sleep(300 * (n - 2)) from item order by n",
    ];

    /// <summary>
    /// The same, alone in a text: it goes on when it is cancelled, so that what sleeps behind it would be taken for the same.
    /// </summary>
    public static readonly string[] SleepingAlone =
        ["do $$ begin perform pg_sleep(300); exception when query_canceled then raise notice 'cancelled'; end $$"];

    /// <summary>
    /// The same, as a Query of its own: it sleeps at the commit, when the last statement of a text has done its work and has no reply. A PREPARE there
    /// stays at the server, and the ledger does not believe in it (see RedefinedNamesTests).
    /// </summary>
    public static readonly string[] SleepingAtCommit = ["declare c2 cursor with hold for select n, pg_sleep(300 * (n - 1)) from item order by n"];

    /// <summary>What takes long enough for a request to cancel to come in between.</summary>
    public static readonly string[] Slow =
    [
        "select pg_sleep(0.001)", "select n, pg_sleep(0.0005) from item order by n", "insert into log (what) select 'slow' || pg_sleep(0.001) from item",
        "copy (select n, pg_sleep(0.0005) from item) to stdout", "declare c2 cursor with hold for select n, pg_sleep(0.0005) from item order by n",
        "do $$ begin perform pg_sleep(0.001); exception when query_canceled then perform pg_sleep(0.001); end $$",
    ];

    /// <summary>What runs something of another name.</summary>
    public static readonly string[] Runs =
    [
        "execute s1", "execute s2(1)", "execute s3", "execute s2(1/0)",
        "fetch 2 from c1", "fetch all from c2", "fetch 1 from p1", "move 1 in c1", "fetch backward 1 from c2",
    ];

    /// <summary>One parameter.</summary>
    public static readonly string[] Parameterised =
    [
        "select $1::int + 1", "select n, label from item where n > $1 order by n", "insert into log (what) values ($1)", "select 10 / $1::int",
        "update log set what = $1 where id = 1 returning id", "select n from item where n = any(array[$1::int, 2]) order by n",
    ];

    /// <summary>What <see cref="ModelDatabase.Policy"/> refuses.</summary>
    public static readonly string[] Refused =
    [
        "drop table secret", "create table secret2 (n int)", "alter table secret add column m int", "truncate secret", "drop table if exists secret cascade",
        "create index on secret (n)",
    ];
}
