import java.sql.*;
import java.util.Properties;

/** Two requests with a credential for one: URL USER PASSWORD MODE, one after the other or as one batch. Prints a line for each: its name, a tab, what came of it. */
public class OneRequest {
    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("user", args[1]);
        properties.setProperty("password", args[2]);
        try (Connection connection = DriverManager.getConnection(args[0], properties)) {
            if (args[3].equals("batch")) {
                try (Statement statement = connection.createStatement()) {
                    for (String name : new String[] {"first", "second"}) statement.addBatch("insert into batch values ('" + name + "-jdbc-batch')");
                    statement.executeBatch();
                    System.out.println("batch\tdone");
                } catch (SQLException error) {
                    System.out.println("batch\t" + error.getSQLState());
                }
                return;
            }
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
