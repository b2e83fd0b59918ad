"""PyMySQL: python3 pymysql_masked.py HOST PORT DATABASE USER PASSWORD CA; prints protocol, row, column, type and value of every column of table m."""
import ssl
import sys

import pymysql

host, port, database, user, password, authority = sys.argv[1:]
connection = pymysql.connect(
    host=host, port=int(port), database=database, user=user, password=password, charset="utf8mb4", ssl=ssl.create_default_context(cafile=authority))
for name, kind in (("buffered", pymysql.cursors.Cursor), ("streamed", pymysql.cursors.SSCursor)):
    with connection.cursor(kind) as cursor:
        cursor.execute("select * from m where id > %s order by id", (0,))
        for row in cursor.fetchall():
            for column, value in zip(cursor.description, row):
                print(name, row[0], column[0], type(value).__name__, repr(value), sep="\t")
connection.close()
print("closed")
