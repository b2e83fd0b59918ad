"""Pools of psycopg_pool that work until the stop file is there: POOLS SIZE PAUSE TOKEN-FILE STOP-FILE.

Prints "ready", waits for the token file, prints "filled", and at the end how many calls failed.
"""
import json
import logging
import os
import sys
import threading
import time

import psycopg
from psycopg_pool import ConnectionPool

pools, size, pause, token_file, stop_file = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], sys.argv[5]
logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)


class TokenConnection(psycopg.Connection):
    """Signs in with the token of the moment."""

    @classmethod
    def connect(cls, conninfo="", **kwargs):
        with open(token_file) as file:
            return super().connect(conninfo, password=file.read(), **kwargs)


print("ready", flush=True)
while not os.path.exists(token_file):
    time.sleep(0.01)
filled = [ConnectionPool("", connection_class=TokenConnection, min_size=size, max_size=size, timeout=60, kwargs={"autocommit": True}) for _ in range(pools)]
for pool in filled:
    pool.wait(60)
print("filled", flush=True)

failures = []


def use(pool):
    is_last = False
    while True:
        failed = 0
        while True:
            try:
                with pool.connection() as connection:
                    connection.execute("select 1")
                break
            except psycopg.OperationalError:
                failed += 1
        failures.append(failed)
        if is_last:
            return
        time.sleep(pause)
        is_last = os.path.exists(stop_file)


users = [threading.Thread(target=use, args=(pool,)) for pool in filled for _ in range(size)]
for user in users:
    user.start()
for user in users:
    user.join()
for pool in filled:
    pool.close()
print(json.dumps({"failures": sum(failures), "most": max(failures)}), flush=True)
