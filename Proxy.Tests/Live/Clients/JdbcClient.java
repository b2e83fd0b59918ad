import java.io.PrintStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.*;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.jdbc.PreferQueryMode;

/** What an application does with the JDBC driver. Prints a line for each step: its name, a tab, what it saw. */
public class JdbcClient {
    private static PrintStream out;

    public static void main(String[] args) throws Exception {
        out = new PrintStream(System.out, true, "UTF-8");
        Properties properties = new Properties();
        properties.setProperty("user", args[1]);
        properties.setProperty("password", args[2]);
        try (Connection connection = DriverManager.getConnection(args[0], properties);
             Connection other = DriverManager.getConnection(args[0], properties)) {
            queries(connection);
            writes(connection);
            metadata(connection);
            copy(connection);
            notifications(connection, other);
            cancel(connection, other);
            errors(connection); // Last: it runs a DO block, after which a masked session trusts the catalogue no more.
        }
    }

    private static void step(String name, Object outcome) {
        out.println(name + "\t" + String.valueOf(outcome).replace("\n", "\\n"));
    }

    private static String rows(ResultSet set) throws SQLException {
        StringBuilder text = new StringBuilder();
        int columns = set.getMetaData().getColumnCount();
        while (set.next()) {
            for (int i = 1; i <= columns; i++) {
                text.append(i == 1 ? "(" : ", ").append(set.getString(i));
            }
            text.append(")");
        }
        return text.toString();
    }

    private static void queries(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            step("simple", rows(statement.executeQuery("select 1, 'a', null")));
            step("rows", rows(statement.executeQuery("select id, name, born, weight, active from patient order by id")));
            step("types", rows(statement.executeQuery("select * from every_type order by id")));
            List<String> results = new ArrayList<>();
            boolean more = statement.execute("select 1; insert into note (body) values ('x'); select 2");
            while (more || statement.getUpdateCount() >= 0) {
                results.add(more ? rows(statement.getResultSet()) : String.valueOf(statement.getUpdateCount()));
                more = statement.getMoreResults();
            }
            step("several results", results);
            statement.execute("delete from note");
        }
        try (PreparedStatement statement = connection.prepareStatement("select name, ? + 1, weight, born from patient where id = ?")) {
            List<String> results = new ArrayList<>();
            var ofTheFirst = new java.util.HashSet<String>();
            for (int i = 0; i < 8; i++) { // becomes a named statement, then binary, on the way
                statement.setInt(1, i);
                statement.setInt(2, i % 3 + 1);
                results.add(rows(statement.executeQuery()));
            }
            step("prepared", results);
            for (int i = 0; i < 8; i++) { // of the same row, all binary by now; the first execution above was text
                statement.setInt(1, 0);
                statement.setInt(2, 1);
                ofTheFirst.add(rows(statement.executeQuery()));
            }
            ofTheFirst.add(results.get(0));
            step("text and binary agree", ofTheFirst.size());
        }
        try (PreparedStatement statement = connection.prepareStatement("select cast(? as date), cast(? as numeric), cast(? as uuid), cast(? as text)")) {
            statement.setDate(1, Date.valueOf("2024-02-29"));
            statement.setBigDecimal(2, new java.math.BigDecimal("1.50"));
            statement.setObject(3, java.util.UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
            statement.setNull(4, Types.VARCHAR);
            step("parameters", rows(statement.executeQuery()));
        }
        if (connection.unwrap(PGConnection.class).getPreferQueryMode() == PreferQueryMode.SIMPLE) {
            return; // this driver cannot put binary parameters into the text of a simple query
        }
        try (PreparedStatement statement = connection.prepareStatement("select cast(? as bytea), cast(? as int[])")) {
            statement.setBytes(1, new byte[] {0, (byte) 255});
            statement.setArray(2, connection.createArrayOf("int4", new Object[] {1, null, 3}));
            step("binary parameters", rows(statement.executeQuery()));
        }
    }

    private static void writes(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement("insert into note (body) values (?)", Statement.RETURN_GENERATED_KEYS)) {
            for (int i = 0; i < 10; i++) {
                statement.setString(1, "batch " + i);
                statement.addBatch();
            }
            step("batch", statement.executeBatch().length);
            step("generated keys", rows(statement.getGeneratedKeys()));
        }
        Savepoint savepoint = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("select 1/0");
        } catch (SQLException exception) {
            connection.rollback(savepoint);
            step("savepoint", exception.getSQLState());
        }
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(2);
            step("fetch size", rows(statement.executeQuery("select generate_series(1, 7)")));
            step("count", rows(statement.executeQuery("select count(*) from note")));
        }
        connection.rollback();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            step("rolled back", rows(statement.executeQuery("select count(*) from note")));
        }
    }

    private static void metadata(Connection connection) throws SQLException {
        DatabaseMetaData metadata = connection.getMetaData();
        List<String> names = new ArrayList<>();
        try (ResultSet tables = metadata.getTables(null, "public", "%", new String[] {"TABLE", "VIEW"})) {
            while (tables.next()) {
                names.add(tables.getString("TABLE_NAME") + ":" + tables.getString("TABLE_TYPE"));
            }
        }
        step("tables", names);
        names.clear();
        try (ResultSet columns = metadata.getColumns(null, "public", "patient", "%")) {
            while (columns.next()) {
                names.add(columns.getString("COLUMN_NAME") + ":" + columns.getString("TYPE_NAME") + ":" + columns.getString("IS_NULLABLE"));
            }
        }
        step("columns", names);
        step("primary keys", rows(metadata.getPrimaryKeys(null, "public", "patient")));
        try (Statement statement = connection.createStatement(); ResultSet set = statement.executeQuery("select id, name as n from patient limit 1")) {
            ResultSetMetaData description = set.getMetaData();
            step("description", description.getColumnTypeName(1) + " " + description.getColumnLabel(2) + " " + description.isNullable(1)
                + " " + description.getTableName(1));
        }
    }

    private static void errors(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select speak('warning', 'to java')");
            step("warning", statement.getWarnings() == null ? null : statement.getWarnings().getMessage());
            try {
                statement.execute("select speak('error', 'from java')");
            } catch (SQLException exception) {
                step("error", exception.getSQLState());
            }
            try {
                statement.executeQuery("select * from nowhere");
            } catch (SQLException exception) {
                step("missing table", exception.getSQLState());
            }
            step("alive", rows(statement.executeQuery("select 'alive'")));
        }
    }

    private static void copy(Connection connection) throws Exception {
        CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
        step("copy in", copy.copyIn("copy note (id, body) from stdin", new StringReader("200\tone\n201\ttwo\n")));
        StringWriter text = new StringWriter();
        copy.copyOut("copy (select id, body from note order by id) to stdout csv", text);
        step("copy out", text);
        try {
            copy.copyIn("copy note (id) from stdin", new StringReader("x\n"));
        } catch (SQLException exception) {
            step("copy error", exception.getSQLState());
        }
    }

    private static void notifications(Connection connection, Connection other) throws SQLException {
        try (Statement statement = connection.createStatement(); Statement notifier = other.createStatement()) {
            statement.execute("listen c");
            notifier.execute("notify c, 'hello'");
            var notification = connection.unwrap(PGConnection.class).getNotifications(30_000)[0];
            step("notification", notification.getName() + " " + notification.getParameter());
        }
    }

    private static void cancel(Connection connection, Connection other) throws Exception {
        try (Statement sleeping = connection.createStatement(); Statement observer = other.createStatement()) {
            Thread thread = new Thread(() -> {
                try {
                    String query = "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
                    while (rows(observer.executeQuery(query)).isEmpty()) {
                        Thread.sleep(10);
                    }
                    sleeping.cancel();
                } catch (Exception exception) {
                    throw new IllegalStateException(exception);
                }
            });
            thread.start();
            try {
                sleeping.execute("select pg_sleep(60)");
            } catch (SQLException exception) {
                step("cancel", exception.getSQLState());
            }
            thread.join();
            step("after cancel", rows(sleeping.executeQuery("select 'alive'")));
        }
    }
}
