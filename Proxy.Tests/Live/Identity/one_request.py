"""Two requests with a credential for one. Prints a line for each step: its name, a tab, what came of it."""
import sys

import psycopg

mode = sys.argv[1]


def step(name, outcome):
    print(name, outcome, sep="\t", flush=True)


connection = psycopg.connect(autocommit=mode != "transaction")
try:
    if mode == "transaction":
        step("first", connection.execute("select %s::text", ("first",)).fetchone()[0])
        step("more", connection.execute("select %s::text", ("second in the transaction",)).fetchone()[0])
        connection.commit()
        connection.execute("select 'second-psycopg-transaction'")
    elif mode == "autocommit":
        step("first", connection.execute("select %s::text", ("first",)).fetchone()[0])
        connection.execute("select 'second-psycopg-autocommit'")
    else:
        with connection.pipeline():
            connection.execute("select 'first-psycopg-pipeline'")
            connection.execute("select 'second-psycopg-pipeline'")
    step("second", "answered")
except psycopg.Error as error:
    step("second", "request-spent" if "code=request-spent " in str(error) else type(error).__name__)
