"""The newest libpq by its C interface: what psql and psycopg of the distribution cannot ask for yet.

Usage: libpq_client.py LIBRARY CONNECTION_STRING. Prints a line for each step: its name, a tab, what it saw.
"""
import ctypes
import sys
import threading
import time

libpq = ctypes.CDLL(sys.argv[1])
for name in ("PQconnectdb", "PQexec", "PQcancelCreate"):
    getattr(libpq, name).restype = ctypes.c_void_p
for name in ("PQerrorMessage", "PQsslAttribute", "PQgetvalue", "PQresultErrorField", "PQcancelErrorMessage"):
    getattr(libpq, name).restype = ctypes.c_char_p


def pointer(value):
    return ctypes.c_void_p(value)


def text(value):
    return None if value is None else value.decode()


def step(name, outcome):
    print(name, outcome, sep="\t", flush=True)


def connect():
    connection = pointer(libpq.PQconnectdb(sys.argv[2].encode()))
    if libpq.PQstatus(connection) != 0:
        sys.exit(text(libpq.PQerrorMessage(connection)))
    return connection


def value(connection, sql):
    result = pointer(libpq.PQexec(connection, sql.encode()))
    try:
        state = libpq.PQresultErrorField(result, ord("C"))
        return text(state) if state else text(libpq.PQgetvalue(result, 0, 0)) if libpq.PQntuples(result) else "no row"
    finally:
        libpq.PQclear(result)


connection = connect()
step("protocol", libpq.PQfullProtocolVersion(connection))
step("alpn", text(libpq.PQsslAttribute(connection, b"alpn")))
step("query", value(connection, "select name from patient where id = 1"))
step("error", value(connection, "select 1/0"))


def cancel():
    observer = connect()
    while value(observer, "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'") != "1":
        time.sleep(0.01)
    request = pointer(libpq.PQcancelCreate(connection))
    if not libpq.PQcancelBlocking(request):
        print(text(libpq.PQcancelErrorMessage(request)), file=sys.stderr)
    libpq.PQcancelFinish(request)
    libpq.PQfinish(observer)


thread = threading.Thread(target=cancel)
thread.start()
step("cancel", value(connection, "select pg_sleep(60)"))
thread.join()
step("after cancel", value(connection, "select 'alive'"))
libpq.PQfinish(connection)
