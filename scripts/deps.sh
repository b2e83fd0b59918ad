#!/bin/sh
# Makes sure that what tests, demo and benchmark need is there. Installs only what is missing, and changes nothing that exists.
#   deps.sh npm   the locked npm packages (their install scripts are not run)
#   deps.sh all   these, and programs from the distribution
set -eu
cd "$(dirname "$0")/.."

have() { command -v "$1" >/dev/null 2>&1; }

have_server() {
    [ -n "${PG_BIN:-}" ] && [ -x "$PG_BIN/postgres" ] && return 0
    for postgres in /usr/lib/postgresql/*/bin/postgres; do [ -x "$postgres" ] && return 0; done
    return 1
}

have_mariadb() {
    [ -n "${MARIADB_BIN:-}" ] && [ -x "$MARIADB_BIN/mariadbd" ] && return 0
    have mariadbd || [ -x /usr/sbin/mariadbd ]
}

# Debian packages, one per thing that cannot be found.
missing_packages() {
    have node && have npm || { have node && echo npm || echo nodejs npm; }
    [ "$1" = npm ] && return 0
    have_server || echo postgresql
    have_mariadb || echo mariadb-server
    have mariadb || echo mariadb-client
    have psql || echo postgresql-client
    have pgbouncer || [ -x /usr/sbin/pgbouncer ] || echo pgbouncer
    have sysbench || echo sysbench
    have haproxy || [ -x /usr/sbin/haproxy ] || echo haproxy
    # The distribution's own Python, which sees its packages, and not another one that comes first in PATH.
    /usr/bin/python3 -c 'import psycopg' 2>/dev/null || echo python3-psycopg
    /usr/bin/python3 -c 'import psycopg_pool' 2>/dev/null || echo python3-psycopg-pool
    /usr/bin/python3 -c 'import pymysql' 2>/dev/null || echo python3-pymysql
    /usr/bin/python3 -c 'import MySQLdb' 2>/dev/null || echo python3-mysqldb
    /usr/bin/python3 -c 'import sqlalchemy' 2>/dev/null || echo python3-sqlalchemy
    /usr/bin/python3 -c 'import psycopg2' 2>/dev/null || echo python3-psycopg2
    [ -e /usr/share/java/mariadb-java-client.jar ] || echo libmariadb-java
    [ -e /usr/share/java/postgresql.jar ] || echo libpostgresql-jdbc-java
    [ -e /usr/share/java/HikariCP.jar ] || echo libhikaricp-java
    have javac || echo default-jdk-headless
    # Debian 12 has Hibernate; where a release has none, its tests say so.
    grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release && { [ -e /usr/share/java/hibernate3.jar ] || echo libhibernate3-java libjavassist-java; }
    /usr/bin/python3 -c 'import awscli' 2>/dev/null || echo awscli
    have setpriv || echo util-linux
    # PostgreSQL's sources, whose regression scripts are read, are packed with it.
    have bzip2 || echo bzip2
    # A real S3 with Object Lock, on one machine.
    have radosgw && have ceph-mon && have ceph-osd && have ceph || echo radosgw ceph-mon ceph-osd ceph-common
}

# Debian starts what it installs. None of it shall run here: every server that we use is our own and temporary.
install_packages() {
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap '$root rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | $root tee "$policy" >/dev/null
        $root chmod 755 "$policy"
    fi
    $root apt-get -q update
    $root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@" </dev/null
}

install_missing() {
    missing=$(missing_packages "$1" | tr '\n' ' ')
    [ -z "$missing" ] && return 0
    root=
    [ "$(id -u)" = 0 ] || root="sudo -n"
    if ! have apt-get || ! $root true 2>/dev/null; then
        echo "These are missing and cannot be installed from here: $missing" >&2
        echo "On Debian and Ubuntu:  sudo apt-get install $missing" >&2
        exit 1
    fi
    echo "Installing: $missing"
    # shellcheck disable=SC2086 # a list of words
    install_packages $missing
}

# npm writes node_modules/.package-lock.json last, so it is newer than the lock only after a whole install.
install_locked() {
    find . -name node_modules -prune -o -name package-lock.json -print | while read -r lock; do
        directory=$(dirname "$lock")
        [ "$directory/node_modules/.package-lock.json" -nt "$lock" ] && continue
        echo "npm ci in $directory"
        (cd "$directory" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null)
    done
}

have dotnet || { echo "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download" >&2; exit 1; }
install_missing "$1"
install_locked
