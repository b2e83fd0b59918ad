import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/** An entity over plain JDBC: loaded, a clean column changed and saved alone, then the whole saved; and found again by what it showed. */
public final class JdbcEntity {
    private int id;
    private String name;
    private String mrn;
    private Date born;
    private String ward;

    public static void main(String[] arguments) throws SQLException {
        try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2])) {
            JdbcEntity patient = load(connection);
            System.out.println("clean " + outcome(connection, "update patients set ward = ? where id = ?", "B", patient.id));
            System.out.println("whole " + outcome(connection, "update patients set name = ?, mrn = ?, born = ?, ward = ? where id = ?",
                patient.name, patient.mrn, patient.born, "C", patient.id));
            try (PreparedStatement find = connection.prepareStatement("select id from patients where mrn = ?")) {
                find.setString(1, patient.mrn);
                try (ResultSet rows = find.executeQuery()) {
                    System.out.println("found " + (rows.next() ? rows.getInt(1) : 0));
                } catch (PSQLException refused) {
                    System.out.println("found " + code(refused));
                }
            }
        }
    }

    private static JdbcEntity load(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select id, name, mrn, born, ward from patients where id = ?")) {
            select.setInt(1, 1);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                JdbcEntity patient = new JdbcEntity();
                patient.id = row.getInt(1);
                patient.name = row.getString(2);
                patient.mrn = row.getString(3);
                patient.born = row.getDate(4);
                patient.ward = row.getString(5);
                return patient;
            }
        }
    }

    private static String outcome(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++)
                update.setObject(i + 1, values[i]);
            return update.executeUpdate() == 1 ? "saved" : "lost";
        } catch (PSQLException refused) {
            return code(refused);
        }
    }

    private static String code(PSQLException refused) {
        return refused.getServerErrorMessage().getDetail().split("code=")[1].split(" ")[0];
    }
}
