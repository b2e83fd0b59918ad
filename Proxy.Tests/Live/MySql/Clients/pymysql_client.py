"""PyMySQL: python3 pymysql_client.py HOST PORT DATABASE USER PASSWORD CA; prints one line a step."""
import ssl
import sys

import pymysql

host, port, database, user, password, authority = sys.argv[1:]
connection = pymysql.connect(
    host=host, port=int(port), database=database, user=user, password=password, charset="utf8mb4", autocommit=True,
    ssl=ssl.create_default_context(cafile=authority))
with connection.cursor() as cursor:
    cursor.execute("select 1 + 1, 'größer'")
    print("query", cursor.fetchall())
    cursor.execute("insert into c (id, word) values (%s, %s)", (1, "a 'quoted' word"))
    print("insert", cursor.rowcount)
    cursor.execute("select word from c where id = %s", (1,))
    print("read", cursor.fetchone()[0])
    cursor.execute("delete from c")
    print("delete", cursor.rowcount)
    try:
        cursor.execute("selekt 1")
    except pymysql.err.ProgrammingError as error:
        print("error", error.args[0])
connection.begin()
with connection.cursor() as cursor:
    cursor.execute("insert into c (id, word) values (2, 'gone')")
connection.rollback()
with connection.cursor(pymysql.cursors.SSCursor) as cursor:
    cursor.execute("select count(*) from c")
    print("rolled back", cursor.fetchone()[0])
connection.ping(reconnect=False)
connection.close()
print("closed")
