"""mysqlclient: python3 mysqlclient_client.py HOST PORT DATABASE USER PASSWORD CA; prints one line a step."""
import sys

import MySQLdb

host, port, database, user, password, authority = sys.argv[1:]
connection = MySQLdb.connect(
    host=host, port=int(port), db=database, user=user, passwd=password, charset="utf8mb4", autocommit=True, ssl={"ca": authority})
cursor = connection.cursor()
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
except MySQLdb.ProgrammingError as error:
    print("error", error.args[0])
connection.autocommit(False)
cursor.execute("insert into c (id, word) values (2, 'gone')")
connection.rollback()
cursor.execute("select count(*) from c")
print("rolled back", cursor.fetchone()[0])
connection.ping()
connection.close()
print("closed")
