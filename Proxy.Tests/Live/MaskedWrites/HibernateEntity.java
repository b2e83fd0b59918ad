import java.sql.Date;
import java.util.Properties;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.hibernate.HibernateException;
import org.hibernate.JDBCException;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.postgresql.util.PSQLException;

/** Entities that Hibernate loads and saves: a clean column alone, then the whole row, then detached ones; and one found again by what it showed. */
public final class HibernateEntity {
    private interface Step {
        String run(Session session);
    }

    /** Saved as what changed. */
    @Entity(name = "Changed")
    @Table(name = "patients")
    @org.hibernate.annotations.Entity(dynamicUpdate = true)
    public static class Changed {
        @Id public int id;
        public String name;
        public String mrn;
        public Date born;
        public String ward;
    }

    /** Saved whole, which is Hibernate's default. */
    @Entity(name = "Whole")
    @Table(name = "patients")
    public static class Whole {
        @Id public int id;
        public String name;
        public String mrn;
        public Date born;
        public String ward;
    }

    private static SessionFactory sessions;

    public static void main(String[] arguments) {
        // Where a program is run from its source, this is not the one that has its classes.
        Thread.currentThread().setContextClassLoader(HibernateEntity.class.getClassLoader());
        Properties settings = new Properties();
        settings.setProperty("hibernate.connection.driver_class", "org.postgresql.Driver");
        settings.setProperty("hibernate.connection.url", arguments[0]);
        settings.setProperty("hibernate.connection.username", arguments[1]);
        settings.setProperty("hibernate.connection.password", arguments[2]);
        settings.setProperty("hibernate.dialect", "org.hibernate.dialect.PostgreSQLDialect");
        sessions = new Configuration().addAnnotatedClass(Changed.class).addAnnotatedClass(Whole.class).setProperties(settings).buildSessionFactory();

        say("clean", session -> {
            ((Changed) session.get(Changed.class, 1)).ward = "B";
            return "saved";
        });
        say("whole", session -> {
            ((Whole) session.get(Whole.class, 1)).ward = "C";
            return "saved";
        });
        Whole detached = load();
        detached.ward = "D";
        say("merged", session -> {
            session.merge(detached);
            return "saved";
        });
        say("updated", session -> {
            session.update(detached);
            return "saved";
        });
        say("copied", session -> {
            Whole copy = load();
            copy.id = 2;
            session.save(copy);
            return "saved";
        });
        say("found", session -> String.valueOf(session.createQuery("select w.id from Whole w where w.mrn = :mrn").setString("mrn", load().mrn).list()));
        sessions.close();
    }

    private static Whole load() {
        Session session = sessions.openSession();
        try {
            return (Whole) session.get(Whole.class, 1);
        } finally {
            session.close();
        }
    }

    private static void say(String name, Step step) {
        Session session = sessions.openSession();
        String outcome;
        try {
            session.beginTransaction();
            outcome = step.run(session);
            session.getTransaction().commit();
        } catch (HibernateException thrown) {
            outcome = code(thrown);
            session.getTransaction().rollback();
        } finally {
            session.close();
        }
        System.out.println(name + " " + outcome);
    }

    /** A change that is sent in a batch fails with the server's error behind the batch's own. */
    private static String code(HibernateException thrown) {
        if (!(thrown instanceof JDBCException))
            throw thrown;
        for (Throwable cause = ((JDBCException) thrown).getSQLException(); cause != null; cause = cause instanceof java.sql.BatchUpdateException
                ? ((java.sql.BatchUpdateException) cause).getNextException() : cause.getCause())
            if (cause instanceof PSQLException && ((PSQLException) cause).getServerErrorMessage() != null)
                return ((PSQLException) cause).getServerErrorMessage().getDetail().split("code=")[1].split(" ")[0];
        throw thrown;
    }
}
