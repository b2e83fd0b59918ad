import java.io.Serializable;
import java.math.BigDecimal;
import java.sql.Date;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.FetchType;
import javax.persistence.Id;
import javax.persistence.JoinColumn;
import javax.persistence.ManyToOne;
import javax.persistence.OneToMany;
import javax.persistence.Table;
import org.hibernate.FetchMode;
import org.hibernate.HibernateException;
import org.hibernate.JDBCException;
import org.hibernate.LockMode;
import org.hibernate.LockOptions;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.criterion.DetachedCriteria;
import org.hibernate.criterion.MatchMode;
import org.hibernate.criterion.Order;
import org.hibernate.criterion.Projections;
import org.hibernate.criterion.Property;
import org.hibernate.criterion.Restrictions;

/**
 * What an application does with Hibernate over the hospital: entities, collections, joins, queries in HQL, criteria and SQL, changes, locks. Prints one
 * line for each step, which is a transaction, and no PHI.
 */
public final class HibernateWork {
    private interface Step {
        Object run(Session session);
    }

    @Entity(name = "Department")
    @Table(name = "departments")
    public static class Department {
        @Id public int id;
        public String code;
        public String name;
        public int floor;
        @Column(name = "cost_centre") public String costCentre;
        @OneToMany(mappedBy = "department") public List<Ward> wards = new ArrayList<Ward>();
    }

    @Entity(name = "Ward")
    @Table(name = "wards")
    public static class Ward {
        @Id public String code;
        public String name;
        public int beds;
        @ManyToOne(fetch = FetchType.LAZY) @JoinColumn(name = "department_id") public Department department;

        /** A method, because a proxy's fields stay empty. */
        public String says() {
            return code + " " + name;
        }
    }

    @Entity(name = "Patient")
    @Table(name = "patients")
    @org.hibernate.annotations.Entity(dynamicUpdate = true)
    public static class Patient {
        @Id public int id;
        public String mrn;
        public String ssn;
        @Column(name = "first_name") public String firstName;
        @Column(name = "last_name") public String lastName;
        @Column(name = "birth_date") public Date birthDate;
        public String sex;
        public String city;
        public String zip;
        public String note;
        @ManyToOne(fetch = FetchType.LAZY) @JoinColumn(name = "ward") public Ward ward;
        @Column(name = "blood_type") public String bloodType;
        @Column(name = "risk_score") public int riskScore;
        @Column(name = "organ_donor") public boolean isOrganDonor;
        @Column(name = "care_plan") public String carePlan;
        @OneToMany(mappedBy = "patient") public List<Claim> claims = new ArrayList<Claim>();
    }

    @Entity(name = "Claim")
    @Table(name = "claims")
    @org.hibernate.annotations.Entity(dynamicUpdate = true)
    public static class Claim {
        @Id public long id;
        @ManyToOne(fetch = FetchType.LAZY) @JoinColumn(name = "patient_id") public Patient patient;
        public String payer;
        @Column(name = "cpt_code") public String cptCode;
        public BigDecimal amount;
        public String status;
    }

    private static SessionFactory sessions;

    public static void main(String[] arguments) {
        // Where a program is run from its source, this is not the one that has its classes.
        Thread.currentThread().setContextClassLoader(HibernateWork.class.getClassLoader());
        Properties settings = new Properties();
        settings.setProperty("hibernate.connection.driver_class", "org.postgresql.Driver");
        settings.setProperty("hibernate.connection.url", arguments[0]);
        settings.setProperty("hibernate.connection.username", arguments[1]);
        settings.setProperty("hibernate.connection.password", arguments[2]);
        settings.setProperty("hibernate.dialect", "org.hibernate.dialect.PostgreSQLDialect");
        settings.setProperty("hibernate.default_batch_fetch_size", "4");
        sessions = new Configuration().addAnnotatedClass(Department.class).addAnnotatedClass(Ward.class).addAnnotatedClass(Patient.class)
            .addAnnotatedClass(Claim.class).setProperties(settings).buildSessionFactory();
        entities();
        queries();
        criteria();
        changes();
        sessions.close();
    }

    private static void entities() {
        say("get an entity", session -> patient(session, 7).riskScore);
        say("get an entity that is not there", session -> session.get(Patient.class, -1));
        say("a lazy reference", session -> patient(session, 7).ward.says());
        say("a lazy collection", session -> patient(session, 11).claims.size());
        say("collections fetched in batches", session -> {
            int claims = 0;
            for (Object patient : session.createQuery("from Patient p where p.id in (:ids) order by p.id").setParameterList("ids", Arrays.asList(1, 2, 3, 4)).list())
                claims += ((Patient) patient).claims.size();
            return claims;
        });
        say("refresh", session -> {
            Ward ward = (Ward) session.get(Ward.class, "3-east");
            session.refresh(ward);
            return ward.beds;
        });
        say("a lock for a change", session -> ((Ward) session.get(Ward.class, "3-east", LockOptions.UPGRADE)).beds);
        say("a lock on a patient", session -> ((Patient) session.get(Patient.class, 12, LockOptions.UPGRADE)).riskScore);
    }

    private static void queries() {
        say("HQL: by MRN", session -> ids(session.createQuery("from Patient p where p.mrn = :mrn").setString("mrn", "MRN-007919").list()));
        say("HQL: by several MRNs", session -> session.createQuery("select p.id from Patient p where p.mrn in (:mrns) order by p.id")
            .setParameterList("mrns", Arrays.asList("MRN-007919", "MRN-015838")).list());
        say("HQL: a page", session -> session.createQuery("select p.id, p.riskScore from Patient p where p.ward.code = :ward order by p.id")
            .setString("ward", "3-east").setFirstResult(20).setMaxResults(3).list().size());
        say("HQL: a page of entities", session -> ids(session.createQuery("from Patient p order by p.riskScore desc, p.id").setFirstResult(10).setMaxResults(5).list()));
        say("HQL: ordered by name", session -> session.createQuery("select p.id, p.lastName from Patient p where p.ward.code = '3-east' order by p.lastName, p.id").setMaxResults(5).list().size());
        say("HQL: a fetch join", session -> ((Patient) session.createQuery("from Patient p join fetch p.ward w join fetch w.department where p.id = 11").uniqueResult()).ward.department.name);
        say("HQL: a left join fetch of a collection", session -> session.createQuery("select distinct d from Department d left join fetch d.wards").list().size());
        say("HQL: a count", session -> session.createQuery("select count(*) from Patient p where p.riskScore > 90").uniqueResult());
        say("HQL: how many names there are", session -> session.createQuery("select count(distinct p.lastName) from Patient p").uniqueResult() != null);
        say("HQL: groups", session -> session.createQuery("select p.ward.code, count(*), avg(p.riskScore) from Patient p group by p.ward.code having count(*) > 1 order by 1").list().size());
        say("HQL: groups by a city", session -> session.createQuery("select p.city, count(*) from Patient p group by p.city").list().size());
        say("HQL: exists", session -> session.createQuery("select count(*) from Patient p where exists (select c.id from Claim c where c.patient = p and c.status = 'denied')").uniqueResult());
        say("HQL: a size of a collection", session -> session.createQuery("select count(*) from Patient p where size(p.claims) > 2").uniqueResult());
        say("HQL: CASE over what is clean", session -> session.createQuery("select p.id, case when p.riskScore > 80 then 'high' else 'low' end from Patient p order by p.id").setMaxResults(3).list().size());
        say("HQL: no note", session -> session.createQuery("select count(*) from Patient p where p.note is null").uniqueResult());
        say("HQL: a name in capitals", session -> session.createQuery("select upper(p.lastName) from Patient p where p.id = 7").list().size());
        say("HQL: a pattern of what is clean", session -> session.createQuery("select d.code from Department d where lower(d.name) like :name order by d.code").setString("name", "%ology").list());
        say("HQL: scalar subquery", session -> session.createQuery("select w.code, (select count(*) from Patient p where p.ward = w) from Ward w order by w.code").list().size());
        say("HQL: money by payer", session -> session.createQuery("select c.payer, sum(c.amount), max(c.amount) from Claim c where c.status <> 'open' group by c.payer order by c.payer").list().size());
        say("HQL: members of a ward by a theta join", session -> session.createQuery("select count(*) from Patient p, Ward w where p.ward.code = w.code and w.beds > 20").uniqueResult());
        say("HQL: all of a subquery", session -> session.createQuery("select d.code from Department d where d.floor >= all (select x.floor from Department x) order by d.code").list());
        say("HQL: a pattern of names", session -> session.createQuery("select p.id from Patient p where p.lastName like 'A%'").list().size());
        say("HQL: born since", session -> session.createQuery("select count(*) from Patient p where p.birthDate >= :day").setDate("day", Date.valueOf("1980-01-01")).uniqueResult());
        say("SQL: an entity", session -> ids(session.createSQLQuery("select {p.*} from patients p where p.mrn = :mrn").addEntity("p", Patient.class).setString("mrn", "MRN-007919").list()));
        say("SQL: a window", session -> session.createSQLQuery("select id, rank() over (partition by ward order by risk_score desc) as place from patients order by id limit 5").list().size());
    }

    private static void criteria() {
        say("criteria: an example", session -> session.createCriteria(Ward.class).add(Restrictions.eq("department.id", 1)).addOrder(Order.asc("code")).list().size());
        say("criteria: by SSN", session -> session.createCriteria(Patient.class).add(Restrictions.eq("ssn", "900-00-0000")).list().size());
        say("criteria: a join", session -> session.createCriteria(Claim.class).createAlias("patient", "p").add(Restrictions.eq("p.bloodType", "O-"))
            .add(Restrictions.between("amount", new BigDecimal("100"), new BigDecimal("300"))).setProjection(Projections.rowCount()).uniqueResult());
        say("criteria: a fetch join", session -> session.createCriteria(Patient.class).setFetchMode("ward", FetchMode.JOIN).add(Restrictions.idEq(11)).list().size());
        say("criteria: projections", session -> session.createCriteria(Patient.class).setProjection(Projections.projectionList().add(Projections.groupProperty("bloodType"))
            .add(Projections.rowCount()).add(Projections.avg("riskScore"))).addOrder(Order.asc("bloodType")).list().size());
        say("criteria: a subquery", session -> session.createCriteria(Patient.class).add(Property.forName("id").in(DetachedCriteria.forClass(Claim.class)
            .add(Restrictions.eq("status", "denied")).setProjection(Property.forName("patient.id")))).setProjection(Projections.rowCount()).uniqueResult());
        say("criteria: a disjunction", session -> session.createCriteria(Patient.class).add(Restrictions.or(Restrictions.eq("bloodType", "AB-"), Restrictions.gt("riskScore", 95)))
            .setProjection(Projections.rowCount()).uniqueResult());
        say("criteria: ILIKE of what is clean", session -> session.createCriteria(Department.class).add(Restrictions.ilike("name", "onc", MatchMode.START)).list().size());
        say("criteria: a page", session -> session.createCriteria(Claim.class).add(Restrictions.in("status", new Object[] { "open", "denied" })).addOrder(Order.desc("amount"))
            .addOrder(Order.asc("id")).setFirstResult(5).setMaxResults(5).list().size());
        say("criteria: not null", session -> session.createCriteria(Patient.class).add(Restrictions.isNotNull("note")).setProjection(Projections.rowCount()).uniqueResult());
    }

    private static void changes() {
        say("a clean column changed", session -> patient(session, 60).riskScore = 41);
        say("inserted", session -> {
            Department department = new Department();
            department.id = 77;
            department.code = "HIB";
            department.name = "Hibernation";
            department.floor = 4;
            department.costCentre = "CC-77";
            return session.save(department);
        });
        say("saved whole where nothing is PHI", session -> ((Department) session.get(Department.class, 77)).floor = 5);
        say("merged", session -> {
            Department department = new Department();
            department.id = 77;
            department.code = "HIB";
            department.name = "Hibernating";
            department.floor = 6;
            department.costCentre = "CC-77";
            return ((Department) session.merge(department)).floor;
        });
        say("a reference changed", session -> {
            Patient patient = patient(session, 61);
            patient.ward = (Ward) session.load(Ward.class, "3-west");
            session.flush();
            return patient.ward.says();
        });
        say("several changed", session -> {
            int changed = 0;
            for (Object claim : session.createQuery("from Claim c where c.patient.id = 11 order by c.id").list()) {
                ((Claim) claim).status = "paid";
                changed++;
            }
            return changed;
        });
        say("deleted", session -> {
            session.delete(session.get(Department.class, 77));
            return "gone";
        });
        say("HQL: many changed", session -> session.createQuery("update Claim c set c.status = 'paid' where c.status = 'open' and c.id < 250").executeUpdate());
        say("HQL: many deleted", session -> session.createQuery("delete from Claim c where c.status = 'paid' and c.id < 5").executeUpdate());
        say("locked by a query", session -> session.createQuery("from Ward w where w.code = '3-east'").setLockMode("w", LockMode.UPGRADE).list().size());
    }

    private static Patient patient(Session session, int id) {
        return (Patient) session.get(Patient.class, (Serializable) id);
    }

    private static List<Integer> ids(List<?> patients) {
        List<Integer> ids = new ArrayList<Integer>();
        for (Object patient : patients)
            ids.add(((Patient) patient).id);
        return ids;
    }

    private static void say(String name, Step step) {
        Session session = sessions.openSession();
        String outcome;
        try {
            session.beginTransaction();
            outcome = show(step.run(session));
            session.getTransaction().commit();
        } catch (JDBCException thrown) {
            outcome = "refused " + thrown.getSQLException().getSQLState();
            session.getTransaction().rollback();
        } catch (HibernateException thrown) {
            outcome = thrown.toString();
            session.getTransaction().rollback();
        } finally {
            session.close();
        }
        System.out.println(name + " = " + outcome);
    }

    private static String show(Object result) {
        return result instanceof Object[] ? Arrays.toString((Object[]) result) : String.valueOf(result);
    }
}
