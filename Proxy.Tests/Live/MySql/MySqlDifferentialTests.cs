using System.Text;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.MySql;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.MySql;

/// <summary>The same commands to the server itself and through PhiGate with masking off: the same packets come back, byte for byte.</summary>
public sealed class MySqlDifferentialTests
{
    /// <summary>Tables with every type that both protocols write in a way of their own.</summary>
    private static readonly string[] Setup =
    [
        "create table d (id int auto_increment primary key, ti tinyint, si smallint unsigned, mi mediumint, bi bigint unsigned, f float, db double, de decimal(20,5), da date, dt datetime(6), ts timestamp null, tm time(3), ye year, ch char(5), vc varchar(50), bn binary(4), vb varbinary(20), tx text, bl blob, en enum('a','b'), se set('x','y','z'), bt bit(10), js json, ge geometry, nn int)",
        "insert into d (ti, si, mi, bi, f, db, de, da, dt, ts, tm, ye, ch, vc, bn, vb, tx, bl, en, se, bt, js, ge) values (-1, 65535, -8388608, 18446744073709551615, 1.5, -2.25e100, 12345.67890, '2024-02-29', '2024-02-29 23:59:59.123456', '2024-01-01 00:00:01', '-838:59:59', 2024, 'abc', 'größer', 'ab', x'00ff', 'a text', x'deadbeef', 'b', 'x,z', b'1000000001', '{\"a\": [1, 2]}', point(1, 2))",
        "insert into d (ti) values (null)",
        "insert into d (da, dt, tm, ye, ch, vc) values ('0001-01-01', '9999-12-31 00:00:00', '00:00:00', 0, '', '')",
        "insert into d (da, dt, tm) values ('0000-00-00', '0000-00-00 00:00:00', '-00:00:00.001'), ('2024-02-00', '2024-00-00 10:00:00', '838:59:59')",
        "create procedure two() begin select 1 as one; select vc from d where id = 1; end",
        "create procedure warned() begin select 1/0; end",
        "create procedure outs(in a int, out b int, inout c varchar(20)) begin set b = a * 2; set c = concat(c, '!'); end",
        "create table p (id int primary key, parent int, foreign key (parent) references p (id))",
    ];

    private static readonly string[] Texts =
    [
        "select 1", "select null", "select 'text', 1.5, now() > 0", "select * from d", "select * from d where 1 = 0", "select count(*) from d", "select id, vc from d order by id",
        "select 1 union select 2 union all select 2", "select repeat('x', 300)", "select repeat('x', 70000)", "select repeat('y', 250), repeat('z', 251)", "select ''", "select ' '",
        "insert into d (ti) values (5), (6)", "update d set ti = 7 where ti = 5", "update d set ti = ti", "delete from d where ti = 7", "delete from d where 1 = 0",
        "insert into d (ti) values (300)", "insert ignore into d (ti) values (300)", "show warnings", "select 1/0", "show count(*) warnings", "select cast('x' as signed)", "show warnings",
        "insert into p values (1, null)", "insert into p values (1, null)", "insert into p values (2, 9)", "delete from p", "select * from nothing_there", "select nothing_there", "selekt",
        "select (select 1 union select 2)", "select 1 from", "select * from d where vc = 'größer'", "select _utf8mb4'ü', hex('ü')", "select database()", "select current_user()", "select @@autocommit",
        "set @a = 5", "select @a", "set autocommit = 0", "insert into p values (5, null)", "rollback", "select * from p", "set autocommit = 1", "begin", "insert into p values (6, null)", "savepoint s",
        "rollback to savepoint s", "commit", "select * from p", "start transaction read only", "insert into p values (7, null)", "rollback", "call two()", "call warned()", "call outs(1, @b, @c)", "select @b, @c",
        "call nothing_there()", "prepare s from 'select ? + 1'", "set @p = 41", "execute s using @p", "execute s", "deallocate prepare s", "execute s", "prepare t from 'selekt'",
        "show tables", "show create table p", "describe d", "show columns from p", "show index from d", "explain select * from d", "explain extended select * from d where id = 1", "show warnings",
        "create temporary table tt (a int)", "insert into tt values (1), (2)", "select * from tt", "drop temporary table tt", "select * from tt", "analyze table p", "check table p", "optimize table p",
        "select sleep(0)", "select benchmark(1, 1)", "do 1", "handler d open", "handler d read first", "handler d close", "flush status", "set sql_mode = ''", "select @@sql_mode",
        "set names utf8mb4", "select 'a' = 'A', 'a' = 'A' collate utf8mb4_bin", "select json_extract('{\"a\": 1}', '$.a')", "select bt + 0, ge, js from d where id = 1", "values (1, 2), (3, 4)", "with c as (select 1 as x) select * from c",
        "select group_concat(id order by id) from d where id < 3", "select id from d group by vc, id having id > 1 order by id desc limit 1", "lock tables p read", "unlock tables", "signal sqlstate '45000' set message_text = 'own'",
        "select row_number() over (order by id) from d where id < 4", "replace into p values (1, null)", "truncate table p", "alter table p add column x int default 3", "insert into p (id) values (1)", "select * from p",
        "alter table p drop column x", "create view v as select id, vc from d", "select * from v", "drop view v", "select /* a comment */ 1 -- and another", "select 1;", "", " ", "-- nothing", "select 1 as `a b`, 2 as ü",
        "select ifnull(null, 3), coalesce(null, null), nullif(1, 1)", "select inet6_aton('::1')", "select convert('x' using latin1)", "select timestampdiff(day, '2024-01-01', '2024-03-01')", "xa start 'x'", "xa end 'x'", "xa rollback 'x'",
        "select uuid() is not null", "show variables like 'version'", "show status like 'nothing'", "show databases like 'information_schema'", "use information_schema_not_there",
    ];

    /// <summary>Several statements each.</summary>
    private static readonly string[] Batches =
    [
        "select 1; select 2", "select 1; select * from d; select 'x'", "insert into d (ti) values (8); select last_insert_id() > 0; update d set ti = 9 where ti = 8; delete from d where ti = 9",
        "select 1; selekt 2; select 3", "select 1; select * from nothing_there; select 3", "set @m = 1; select @m", "begin; insert into p values (60, null); rollback; select * from p", "call two(); select 9",
        "select 9; call two(); select 10", "select 1; call nothing_there(); select 2", "select 1;; select 2", "select 1;", "select 1 ; ", "select 1; select 2;", "select 1; select 2; \n", ";", "; select 1", "",
        "create temporary table mt (a int); insert into mt values (1), (2); select * from mt; drop temporary table mt; select 'gone'", "select repeat('x', 70000); select repeat('y', 300)",
        "select 1/0; show warnings", "insert ignore into d (ti) values (300); show warnings; delete from d where ti = 127", "prepare m from 'select 5'; execute m; deallocate prepare m", "insert into p values (61, null); insert into p values (61, null); select 'never'",
        "select 'never a second one'", "select ';' as a; select \"a;b\" as b, `id` from d where id = 1", "select 1 as x /* ; */; select 2 as y", "select 1 from d where 1 = 0; select 2 from d where 1 = 0", "delete from p; select row_count()",
        "set autocommit = 0; insert into p values (62, null); rollback; set autocommit = 1", "select 1; select 2; select 3; select 4; select 5; select 6; select 7; select 8", "do 1; do 2", "select null; do 1; select ''", "signal sqlstate '45000'; select 1",
        "lock tables p read; unlock tables", "explain select * from d; select found_rows()", "select 1; select 1 from; select 2", "start transaction; select 1; commit", "use information_schema_not_there; select 1", "handler d open; handler d read first; handler d close",
    ];

    private MariaDbServer _server = null!;

    [OneTimeSetUp]
    public async Task Start() => _server = await SharedServers.MariaDbAsync();

    [Test]
    public async Task Texts_are_answered_alike([Values(0u, MySqlWireClient.DeprecateEof, MySqlWireClient.DeprecateEof | MySqlWireClient.SessionTrack)] uint forms)
    {
        await using var pair = await PairAsync(MySqlWireClient.PlainCapabilities | forms);
        foreach (var text in Texts)
            await pair.CompareAsync([3, .. Encoding.UTF8.GetBytes(text)], text);
        Assert.That(pair.Exchanges, Is.GreaterThanOrEqualTo(130));
    }

    [Test]
    public async Task Prepared_statements_are_answered_alike([Values(0u, MySqlWireClient.DeprecateEof)] uint forms)
    {
        await using var pair = await PairAsync(MySqlWireClient.PlainCapabilities | forms);
        foreach (var text in Texts.Where(static text => text.StartsWith("select", StringComparison.Ordinal) || text.StartsWith("call", StringComparison.Ordinal)))
        {
            if (await pair.PrepareAsync(text) is not { } ids) continue;
            await pair.CompareStatementAsync(23, ids, [0, 1, 0, 0, 0], $"execute {text}");
            await pair.CompareStatementAsync(26, ids, [], $"reset {text}");
            await pair.CloseAsync(ids);
        }

        Assert.That(pair.Exchanges, Is.GreaterThanOrEqualTo(100));
    }

    [Test]
    public async Task Parameters_cursors_and_pieces_are_answered_alike([Values(0u, MySqlWireClient.DeprecateEof)] uint forms)
    {
        await using var pair = await PairAsync(MySqlWireClient.PlainCapabilities | forms);
        var ids = await pair.PrepareAsync("select ?, ?, id from d where id <> ? order by id");
        byte[] typed = [0, 1, 0, 0, 0, 0, 1, 8, 0, 253, 0, 3, 0, 7, 0, 0, 0, 0, 0, 0, 0, 2, (byte)'h', (byte)'i', 9, 0, 0, 0];
        await pair.CompareStatementAsync(23, ids!.Value, typed, "with types");
        await pair.CompareStatementAsync(23, ids.Value, [0, 1, 0, 0, 0, 2, 0, 7, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0], "with the types of before, and a NULL");
        byte[] cursor = [1, .. typed[1..]];
        await pair.CompareStatementAsync(23, ids.Value, cursor, "with a cursor");
        await pair.CompareStatementAsync(28, ids.Value, [2, 0, 0, 0], "two rows");
        await pair.CompareStatementAsync(28, ids.Value, [1, 0, 0, 0], "one row");
        await pair.CompareStatementAsync(28, ids.Value, [100, 0, 0, 0], "the rest");
        await pair.CompareStatementAsync(26, ids.Value, [], "reset");
        await pair.CompareStatementAsync(28, ids.Value, [1, 0, 0, 0], "no cursor any more");
        await pair.SendStatementAsync(24, ids.Value, [1, 0, .. "in pie"u8]);
        await pair.SendStatementAsync(24, ids.Value, [1, 0, .. "ces"u8]);
        await pair.CompareStatementAsync(23, ids.Value, [0, 1, 0, 0, 0, 0, 1, 8, 0, 252, 0, 3, 0, 7, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0], "a value in pieces");
        await pair.CloseAsync(ids.Value);
        var call = await pair.PrepareAsync("call outs(?, ?, ?)");
        await pair.CompareStatementAsync(23, call!.Value, [0, 1, 0, 0, 0, 2, 1, 8, 0, 6, 0, 253, 0, 21, 0, 0, 0, 0, 0, 0, 0, 1, (byte)'x'], "parameters that come back");
        await pair.CloseAsync(call.Value);
        await pair.CompareStatementAsync(23, ids.Value, [0, 1, 0, 0, 0, 0, 1, 8, 0, 253, 0, 3, 0, .. new byte[13]], "closed");
    }

    [Test]
    public async Task Texts_of_several_statements_are_answered_alike([Values(0u, MySqlWireClient.DeprecateEof, MySqlWireClient.DeprecateEof | MySqlWireClient.SessionTrack)] uint forms)
    {
        await using var pair = await PairAsync(MySqlWireClient.PlainCapabilities | MySqlWireClient.SeveralStatements | forms, Reader);
        foreach (var text in Batches)
            await pair.CompareAsync([3, .. Encoding.UTF8.GetBytes(text)], text);
        // 302 packets: the numbers begin anew at 255.
        var many = string.Join(';', Enumerable.Repeat("select 1", 60));
        await pair.CompareAsync([3, .. Encoding.UTF8.GetBytes(many)], many);
        Assert.That(pair.Exchanges, Is.EqualTo(Batches.Length + 1));
    }

    [Test]
    public async Task COM_SET_OPTION_decides_whether_several_statements_are_taken()
    {
        await using var pair = await PairAsync(MySqlWireClient.PlainCapabilities, Reader);
        await pair.CompareAsync([27, 0, 0], "on");
        await pair.CompareAsync([3, .. "select 1; select 2"u8], "two statements");
        await pair.CompareAsync([27, 1, 0], "off");
    }

    [Test]
    public async Task Other_commands_are_answered_alike()
    {
        await using var pair = await PairAsync(MySqlWireClient.PlainCapabilities);
        await pair.CompareAsync([14], "ping");
        await pair.CompareAsync([2, .. Encoding.ASCII.GetBytes(pair.Database)], "the same database");
        await pair.CompareAsync([3, .. "set @a = 1"u8], "a variable");
        await pair.CompareAsync([27, 1, 0], "several statements off");
        await pair.CompareAsync([31], "reset");
        await pair.CompareAsync([3, .. "select @a"u8], "the variable is gone");
        await pair.CompareAsync([3, .. "select * from d where id < 4"u8], "a query behind a reset");
    }

    private static ISqlFrontEnd Reader => new MySqlFrontEnd(new MySqlFrontEndOptions()).For(MySqlReadSettings.Default);

    private Task<DifferentialPair> PairAsync(uint capabilities, ISqlFrontEnd? reader = null) => DifferentialPair.OpenAsync(_server, Setup, capabilities, reader);
}
