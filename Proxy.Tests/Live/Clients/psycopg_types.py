"""Reads two tables in text and in binary and prints every value as psycopg 3 decodes it: format, table, row and column; a tab; type and value."""
import psycopg

with psycopg.connect(autocommit=True) as connection:
    for form in ("text", "binary"):
        for table in ("filled", "sparse"):
            with connection.cursor(binary=form == "binary") as cursor:
                cursor.execute(f"select * from {table} order by id")
                names = [column.name for column in cursor.description]
                for number, row in enumerate(cursor.fetchall(), 1):
                    for name, value in zip(names, row):
                        print(f"{form} {table} {number} {name}", f"{type(value).__name__} {value!r}".replace("\n", "\\n"), sep="\t", flush=True)
