import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** MariaDB Connector/J: java -cp DRIVER MariaDbJdbcClient.java URL USER PASSWORD; prints one line a step. */
public final class MariaDbJdbcClient {
    public static void main(String[] arguments) throws SQLException {
        try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2]); Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("select 1 + 1, 'größer'")) {
                rows.next();
                System.out.println("query " + rows.getInt(1) + " " + rows.getString(2));
            }
            try (var insert = connection.prepareStatement("insert into c (id, word) values (?, ?)")) {
                insert.setInt(1, 1);
                insert.setString(2, "a 'quoted' word");
                System.out.println("insert " + insert.executeUpdate());
            }
            try (var read = connection.prepareStatement("select word from c where id = ?")) {
                read.setInt(1, 1);
                try (ResultSet rows = read.executeQuery()) {
                    rows.next();
                    System.out.println("read " + rows.getString(1));
                }
            }
            System.out.println("delete " + statement.executeUpdate("delete from c"));
            try {
                statement.executeQuery("selekt 1");
            } catch (SQLException error) {
                System.out.println("error " + error.getErrorCode());
            }
            connection.setAutoCommit(false);
            statement.executeUpdate("insert into c (id, word) values (2, 'gone')");
            connection.rollback();
            try (ResultSet rows = statement.executeQuery("select count(*) from c")) {
                rows.next();
                System.out.println("rolled back " + rows.getInt(1));
            }
            System.out.println("valid " + connection.isValid(5));
        }
        System.out.println("closed");
    }
}
