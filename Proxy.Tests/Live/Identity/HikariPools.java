import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.*;
import java.util.*;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Pools of HikariCP that work until the stop file is there: URL USER POOLS SIZE PAUSE-MS TOKEN-FILE STOP-FILE. Prints "ready", waits for the token file, prints
 * "filled", and at the end how many calls failed.
 */
public class HikariPools {
    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[2]), size = Integer.parseInt(arguments[3]);
        long pause = Long.parseLong(arguments[4]);
        Path token = Path.of(arguments[5]), stop = Path.of(arguments[6]);
        System.out.println("ready");
        while (!Files.exists(token)) Thread.sleep(10);

        List<HikariDataSource> pools = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            HikariConfig config = new HikariConfig();
            config.setDataSource(new TokenSource(arguments[0], arguments[1], token));
            config.setMinimumIdle(size);
            config.setMaximumPoolSize(size);
            config.setConnectionTimeout(60_000);
            config.setInitializationFailTimeout(60_000);
            pools.add(new HikariDataSource(config));
        }
        for (HikariDataSource pool : pools)
            while (pool.getHikariPoolMXBean().getTotalConnections() < size) Thread.sleep(10);
        System.out.println("filled");

        Queue<Integer> failures = new ConcurrentLinkedQueue<>();
        List<Thread> users = new ArrayList<>();
        for (HikariDataSource pool : pools)
            for (int i = 0; i < size; i++) users.add(new Thread(() -> use(pool, pause, stop, failures)));
        for (Thread user : users) user.start();
        for (Thread user : users) user.join();
        for (HikariDataSource pool : pools) pool.close();
        System.out.println("{\"failures\": " + failures.stream().mapToInt(Integer::intValue).sum() + ", \"most\": " + Collections.max(failures) + "}");
    }

    private static void use(HikariDataSource pool, long pause, Path stop, Queue<Integer> failures) {
        for (boolean isLast = false; ; isLast = Files.exists(stop)) {
            int failed = 0;
            while (!isAnswered(pool)) failed++;
            failures.add(failed);
            if (isLast) return;
            try {
                Thread.sleep(pause);
            } catch (InterruptedException never) {
                return;
            }
        }
    }

    private static boolean isAnswered(HikariDataSource pool) {
        try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("select 1")) {
            return rows.next();
        } catch (SQLException cut) {
            return false;
        }
    }

    /** Signs in with the token of the moment. */
    private record TokenSource(String url, String user, Path token) implements DataSource {
        @Override
        public Connection getConnection() throws SQLException {
            Properties properties = new Properties();
            properties.setProperty("user", user);
            try {
                properties.setProperty("password", Files.readString(token));
            } catch (java.io.IOException gone) {
                throw new SQLException(gone);
            }
            return DriverManager.getConnection(url, properties);
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }

        @Override
        public PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(PrintWriter writer) {
        }

        @Override
        public void setLoginTimeout(int seconds) {
        }

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("nothing is wrapped");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
