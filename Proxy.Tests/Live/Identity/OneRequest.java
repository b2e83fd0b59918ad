import java.sql.*;
import java.util.Properties;

/** Two requests with a credential for one. Prints a line for each: its name, a tab, what came of it. */
public class OneRequest {
    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("user", args[1]);
        properties.setProperty("password", args[2]);
        try (Connection connection = DriverManager.getConnection(args[0], properties)) {
            for (String name : new String[] {"first", "second"}) {
                try (PreparedStatement statement = connection.prepareStatement("select '" + name + "-jdbc'"); ResultSet rows = statement.executeQuery()) {
                    rows.next();
                    System.out.println(name + "\t" + rows.getString(1));
                } catch (SQLException error) {
                    System.out.println(name + "\t" + error.getSQLState());
                }
            }
        }
    }
}
