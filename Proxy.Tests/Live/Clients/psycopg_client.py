"""What an application does with psycopg 3. Prints a line for each step: its name, a tab, what it saw."""
import asyncio
import threading
import time

import psycopg
from psycopg.rows import dict_row


def step(name, outcome):
    print(name, repr(outcome).replace("\n", "\\n"), sep="\t", flush=True)


def wait_until_sleeping(observer):
    while not observer.execute("select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'").fetchone():
        time.sleep(0.01)


with psycopg.connect(autocommit=True) as connection:
    step("simple", connection.execute("select 1, 'a', null").fetchall())
    step("parameters", connection.execute("select %s::int + 1, %s::text, %s::bool", (41, "tëxt", None)).fetchall())
    with connection.cursor(binary=True) as cursor:
        step("binary", cursor.execute("select id, name, born, weight, active from patient order by id").fetchall())
        step("binary types", cursor.execute("select i2, i8, f8, n, t, bin, d, ts, iv, u, jb, ia, ta from every_type where id = 1").fetchall())
    step("text types", connection.execute("select i2, i8, f8, n, t, bin, d, ts, iv, u, jb, ia, ta from every_type where id = 1").fetchall())
    with connection.cursor(binary=True) as binary, connection.cursor() as text:
        step("text and binary agree", [str(binary.execute(query).fetchall()) == str(text.execute(query).fetchall()) for query in (
            "select i2, i4, i8, f4, f8, n, t, vc, bin, d, ti, ts, tsz, iv, u, j, jb, ia, ta, b from every_type where id <> 2 order by id",
            "select id, name, born, weight, active, note from patient order by id")])
    with connection.cursor(row_factory=dict_row) as cursor:
        step("rows by name", cursor.execute("select id, name from patient where id = 1").fetchall())
        step("description", [(c.name, c.type_code) for c in cursor.description])

    for _ in range(8):
        prepared = connection.execute("select id + %s::int from patient order by id", (10,)).fetchall()
    step("prepared after several executions", prepared)
    step("prepared at once", connection.execute("select %s::int", (7,), prepare=True).fetchall())

    with connection.transaction():
        with connection.cursor(name="server_side") as cursor:
            cursor.itersize = 2
            cursor.execute("select generate_series(1, 7)")
            step("server-side cursor", [row[0] for row in cursor])

    with connection.pipeline():
        cursors = [connection.execute("select %s::int", (i,)) for i in range(20)]
        step("pipeline", [cursor.fetchone()[0] for cursor in cursors])

    try:
        with connection.pipeline() as pipeline:
            connection.execute("select 1")
            connection.execute("select 1/0")
            connection.execute("select 2")
            pipeline.sync()
    except psycopg.errors.DivisionByZero as error:
        step("error in a pipeline", error.sqlstate)

    connection.cursor().executemany("insert into note (body) values (%s)", [("a",), ("b",), ("c",)])
    step("executemany", connection.execute("select body from note order by id").fetchall())

    with connection.cursor() as cursor:
        with cursor.copy("copy note (id, body) from stdin") as copy:
            copy.write_row((100, "copied\tin"))
            copy.write_row((101, None))
        with cursor.copy("copy note (id, body) from stdin (format binary)") as copy:
            copy.set_types(["int4", "text"])
            copy.write_row((102, "binary"))
        with cursor.copy("copy (select id, body from note order by id) to stdout") as copy:
            step("copy out", list(copy.rows()))
        try:
            with cursor.copy("copy note (id) from stdin") as copy:
                copy.write("x\n")
        except psycopg.errors.InvalidTextRepresentation as error:
            step("copy error", error.sqlstate)

    try:
        connection.execute("select speak('error', 'from python')")
    except psycopg.Error as error:
        step("error", (error.sqlstate, error.diag.message_primary, error.diag.column_name, error.diag.table_name))

    notices = []
    connection.add_notice_handler(lambda notice: notices.append((notice.severity, notice.message_primary, notice.message_hint)))
    connection.execute("select speak('notice', 'to python')")
    step("notice", notices)

    connection.execute("listen c")
    with psycopg.connect(autocommit=True) as other:
        other.execute("notify c, 'hello'")
    for notification in connection.notifies():
        step("notification", (notification.channel, notification.payload))
        break

    try:
        with connection.transaction():
            connection.execute("insert into note (body) values ('lost')")
            with connection.transaction():
                connection.execute("insert into note (body) values ('lost too')")
                raise psycopg.Rollback()
            raise RuntimeError()
    except RuntimeError:
        step("rolled back", connection.execute("select count(*) from note where body like 'lost%'").fetchone())

    with psycopg.connect(autocommit=True) as observer:
        def cancel():
            wait_until_sleeping(observer)
            connection.cancel()

        thread = threading.Thread(target=cancel)
        thread.start()
        try:
            connection.execute("select pg_sleep(60)")
        except psycopg.errors.QueryCanceled as error:
            step("cancel", error.sqlstate)
        thread.join()
    step("after cancel", connection.execute("select 'alive'").fetchone())
    step("client cursor", psycopg.ClientCursor(connection).execute("select %s, %s", (1, "it's")).fetchone())
    step("stream", [row[0] for row in connection.cursor().stream("select generate_series(1, 5)")])


async def asynchronous():
    async with await psycopg.AsyncConnection.connect(autocommit=True) as connection:
        cursor = await connection.execute("select count(*) from patient")
        step("async", await cursor.fetchone())
        async with connection.pipeline():
            cursors = [await connection.execute("select %s::int", (i,)) for i in range(5)]
            step("async pipeline", [(await cursor.fetchone())[0] for cursor in cursors])


asyncio.run(asynchronous())
