namespace Proxy.Host.Evidence.Index;

/// <summary>The tables of the audit's index. Nothing in them needs a key: sealed fields never get here.</summary>
internal static class IndexSchema
{
    public const int Version = 3;

    public const string Tables = """
        create table meta (journal text not null, version integer not null, segment integer not null, record integer not null);
        create table sessions (
            session text primary key, opened integer, closed integer, issuer text, subject text, agent text, human text, client text, target text,
            database text, reason text, segment integer, number integer, groups text, token text, grant_id text, task text, workload text, method text,
            known text, policy text) without rowid;
        create table statements (
            number integer primary key, time integer not null, session text not null, kind text not null, intent integer, fingerprint text, risk integer,
            verdict integer, rule text, profile integer, policy text, classes integer, relations text, refusal text, status integer, sqlstate text,
            tag text, rows integer, masked_columns integer, bytes integer, elapsed integer, answer integer);
        create table events (
            number integer primary key, time integer not null, kind text not null, who text not null, what text not null, code text not null,
            detail text not null, client text not null);
        create table kept (number integer primary key, by integer not null);
        create table subjects (
            number integer primary key, time integer not null, statement integer not null, kind text not null, rows integer not null,
            unread integer not null, capped integer not null, codes text not null);
        create table relations (relation text not null, number integer not null, primary key (relation, number)) without rowid;
        """;

    /// <summary>Made when a new index is full: much quicker than to keep them while it is filled.</summary>
    public const string Indexes = """
        create index if not exists statements_time on statements (time);
        create index if not exists statements_session on statements (session, number);
        create index if not exists statements_fingerprint on statements (fingerprint);
        create index if not exists statements_refusal on statements (refusal) where refusal is not null;
        create index if not exists events_time on events (time);
        create index if not exists subjects_time on subjects (time);
        create index if not exists sessions_human on sessions (human);
        create index if not exists sessions_subject on sessions (subject);
        """;
}
