"""PyMySQL: python3 pymysql_requests.py HOST PORT DATABASE USER PASSWORD CA MODE STATEMENT...

One statement after another. MODE autocommit turns it on; default leaves it as the driver has it, off, and the word commit among the statements is the
driver's own. Prints a line for each: its number, a tab, the first value or the error's number.
"""
import ssl
import sys

import pymysql

host, port, database, user, password, authority, mode, *statements = sys.argv[1:]
connection = pymysql.connect(
    host=host, port=int(port), database=database, user=user, password=password, charset="utf8mb4",
    ssl=ssl.create_default_context(cafile=authority), **({"autocommit": True} if mode == "autocommit" else {}))
for number, statement in enumerate(statements):
    try:
        if statement == "commit":
            connection.commit()
            outcome = "committed"
        else:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                row = cursor.fetchone()
                outcome = row[0] if row else cursor.rowcount
    except pymysql.err.Error as error:
        outcome = error.args[0]
    print(number, outcome, sep="\t", flush=True)
