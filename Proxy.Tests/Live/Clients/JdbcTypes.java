import java.io.PrintStream;
import java.sql.*;
import java.util.Properties;

/** Reads two tables in text and in binary and prints every value as the driver decodes it: format, table, row and column; a tab; type and value. */
public class JdbcTypes {
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        for (String form : new String[] {"text", "binary"}) {
            Properties properties = new Properties();
            properties.setProperty("user", args[1]);
            properties.setProperty("password", args[2]);
            properties.setProperty("prepareThreshold", form.equals("binary") ? "-1" : "0"); // -1: binary at once
            try (Connection connection = DriverManager.getConnection(args[0], properties)) {
                for (String table : new String[] {"filled", "sparse"}) {
                    try (PreparedStatement statement = connection.prepareStatement("select * from " + table + " order by id");
                         ResultSet set = statement.executeQuery()) {
                        ResultSetMetaData columns = set.getMetaData();
                        for (int row = 1; set.next(); row++) {
                            for (int i = 1; i <= columns.getColumnCount(); i++) {
                                String place = form + " " + table + " " + row + " " + columns.getColumnName(i);
                                out.println(place + "\t" + read(set, i).replace("\n", "\\n"));
                            }
                        }
                    }
                }
            }
        }
    }

    private static String read(ResultSet set, int column) {
        try {
            Object value = set.getObject(column);
            return value == null ? "null" : value.getClass().getSimpleName() + " " + (value instanceof Number ? value.toString() : set.getString(column));
        } catch (SQLException | RuntimeException e) {
            return "error " + e.getClass().getSimpleName();
        }
    }
}
