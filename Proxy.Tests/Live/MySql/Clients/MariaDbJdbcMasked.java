import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;

/** MariaDB Connector/J: java -cp DRIVER MariaDbJdbcMasked.java URL USER PASSWORD; prints protocol, row, column, type and value of every column of table m. */
public final class MariaDbJdbcMasked {
    public static void main(String[] arguments) throws SQLException {
        try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2]);
                var statement = connection.prepareStatement("select * from m where id > ? order by id")) {
            statement.setInt(1, 0);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next())
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        Object value = rows.getObject(i);
                        String text = value instanceof byte[] bytes ? new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1) : String.valueOf(value);
                        System.out.println("jdbc\t" + rows.getInt(1) + "\t" + rows.getMetaData().getColumnLabel(i) + "\t"
                            + (value == null ? "null" : value.getClass().getSimpleName()) + "\t" + text);
                    }
            }
        }
        System.out.println("closed");
    }
}
