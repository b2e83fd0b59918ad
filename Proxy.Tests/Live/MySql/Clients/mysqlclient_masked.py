"""mysqlclient: python3 mysqlclient_masked.py HOST PORT DATABASE USER PASSWORD CA; prints protocol, row, column, type and value of every column of table m."""
import sys

import MySQLdb
import MySQLdb.cursors

host, port, database, user, password, authority = sys.argv[1:]
connection = MySQLdb.connect(host=host, port=int(port), db=database, user=user, passwd=password, charset="utf8mb4", ssl={"ca": authority})
for name, kind in (("buffered", MySQLdb.cursors.Cursor), ("streamed", MySQLdb.cursors.SSCursor)):
    cursor = connection.cursor(kind)
    cursor.execute("select * from m where id > %s order by id", (0,))
    for row in cursor.fetchall():
        for column, value in zip(cursor.description, row):
            print(name, row[0], column[0], type(value).__name__, repr(value), sep="\t")
    cursor.close()
connection.close()
print("closed")
