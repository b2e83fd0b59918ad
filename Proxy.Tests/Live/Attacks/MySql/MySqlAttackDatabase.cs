namespace Proxy.Tests.Live.Attacks.MySql;

/// <summary>A small hospital in MariaDB. Every value that must not come out is one of <see cref="Canaries"/>.</summary>
internal static class MySqlAttackDatabase
{
    public static readonly string[] Canaries =
        ["912-57-3461", "912573461", "923-68-4172", "Quillfeather", "Brambleworth", "1931-02-03", "1944-11-29", "VERMILLION", "NARCISSUS", "931-40-2277"];

    public const string Create = """
        create table departments (name varchar(40) primary key, floor int not null, title varchar(60) not null);
        insert into departments values ('Cardiology', 3, 'Chief of Cardiology'), ('Oncology', 4, 'Chief of Oncology');
        create table patients (
            id int primary key, ssn varchar(11) not null unique, surname varchar(40) not null, born date not null, chart json not null,
            ward varchar(40) not null, risk int not null check (risk between 0 and 100), account bigint not null,
            digits varchar(9) generated always as (replace(ssn, '-', '')) stored, fulltext key (surname));
        insert into patients (id, ssn, surname, born, chart, ward, risk, account) values
            (1, '912-57-3461', 'Quillfeather', '1931-02-03', '{"street": "VERMILLION", "alias": "NARCISSUS"}', 'Cardiology', 42, 912573461),
            (2, '923-68-4172', 'Brambleworth', '1944-11-29', '{"street": "VERMILLION"}', 'Oncology', 77, 923684172);
        create table dump (k varchar(100), v text);
        create table visits (id int not null, ward varchar(40) not null, note text not null, primary key (id)) partition by range (id) (partition p0 values less than (100));
        insert into visits values (1, 'Cardiology', 'Quillfeather seen'), (2, 'Oncology', 'Brambleworth seen');
        create table births (id int not null, born date not null, primary key (id, born))
            partition by range (year(born)) (partition early values less than (1940), partition late values less than maxvalue);
        insert into births select id, born from patients;
        create view directory as select id, surname as label, ward from patients;
        create view floors as select name, floor from departments;
        create function ssn_of(pid int) returns varchar(20) reads sql data return (select ssn from patients where id = pid);
        create function beds_of(w varchar(40)) returns int reads sql data return (select floor from departments where name = w);
        create procedure card(in pid int) reads sql data select ssn from patients where id = pid;
        create table beds (id int primary key, ward varchar(10) not null, room int not null, ssn varchar(11) not null, key by_ward (ward, ssn));
        insert into beds values (1, 'A', 10, '923-68-4172'), (2, 'A', 11, '912-57-3461'), (3, 'B', 12, '931-40-2277');
        create table moves (id int primary key, ward varchar(40) not null, surname varchar(40) not null) with system versioning;
        insert into moves values (1, 'Cardiology', 'Quillfeather'), (2, 'Oncology', 'Brambleworth');
        update moves set ward = 'Oncology';
        create sequence numbers;
        create table accounts (account bigint primary key);
        insert into accounts values (912573461);
        create table wide (
            c1 int, c2 int, c3 int, c4 int, c5 int, c6 int, c7 int, c8 int, c9 int, c10 int, c11 int, c12 int, c13 int, c14 int, c15 int, c16 int,
            c17 int, c18 int, c19 int, c20 int, c21 int, c22 int, c23 int, c24 int, c25 int, c26 int, c27 int, c28 int, c29 int, c30 int, c31 int,
            c32 int, c33 int, c34 int, surname varchar(40) not null);
        insert into wide (surname) values ('Quillfeather');
        create table watched (id int, note varchar(100));
        create trigger watch before insert on watched for each row set new.note = (select surname from patients where id = 1);
        """;
}
