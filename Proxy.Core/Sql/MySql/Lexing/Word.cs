namespace Proxy.Core.Sql.MySql.Lexing;

/// <summary>
/// Key words: HourMinute is HOUR_MINUTE. Those that are reserved were found by asking MariaDB 10.11 about each word that it knows, in each place where a
/// name can stand.
/// </summary>
internal enum Word : ushort
{
    /// <summary>A name, or a key word that nothing here asks for.</summary>
    None = 0,

    // Reserved by MariaDB.
    Accessible, Add, All, Alter, Analyze, And, As, Asc, Asensitive, Before, Between, Bigint, Binary, Blob, Both, By, Call, Cascade,
    Case, Change, Char, Character, Check, Collate, Column, Condition, Constraint, Continue, Convert, Create, Cross, CurrentDate,
    CurrentRole, CurrentTime, CurrentTimestamp, CurrentUser, Cursor, Databases, DayHour, DayMicrosecond, DayMinute, DaySecond, Dec,
    Decimal, Declare, Default, Delayed, Delete, DeleteDomainId, Desc, Describe, Deterministic, Distinct, Distinctrow, Div, DoDomainIds,
    Double, Drop, Dual, Each, Else, Elseif, Enclosed, Escaped, Except, Exists, Exit, Explain, False, Fetch, Float, Float4, Float8, For,
    Force, Foreign, From, Fulltext, Grant, Group, Having, HighPriority, HourMicrosecond, HourMinute, HourSecond, If, Ignore,
    IgnoreDomainIds, In, Index, Infile, Inner, Inout, Insensitive, Insert, Int, Int1, Int2, Int3, Int4, Int8, Integer, Intersect,
    Interval, Into, Is, Iterate, Join, Key, Keys, Kill, Leading, Leave, Left, Like, Limit, Linear, Lines, Load, Localtime,
    Localtimestamp, Lock, Long, Longblob, Longtext, Loop, LowPriority, MasterDemoteToReplica, MasterDemoteToSlave,
    MasterSslVerifyServerCert, Match, Maxvalue, Mediumblob, Mediumint, Mediumtext, Middleint, MinuteMicrosecond, MinuteSecond, Mod,
    Modifies, Natural, NoWriteToBinlog, Not, Null, Numeric, Offset, On, Optimize, Optionally, Or, Order, Out, Outer, Outfile, Over,
    PageChecksum, ParseVcolExpr, Partition, Portion, Precision, Primary, Procedure, Purge, Range, Read, ReadWrite, Reads, Real,
    Recursive, RefSystemId, References, Regexp, Release, Rename, Repeat, Replace, Require, Resignal, Restrict, Return, Returning,
    Revoke, Right, Rlike, RowNumber, Rows, Schemas, SecondMicrosecond, Select, Sensitive, Separator, Set, Show, Signal, Smallint,
    Spatial, Specific, Sql, SqlBigResult, SqlCalcFoundRows, SqlSmallResult, Sqlexception, Sqlstate, Sqlwarning, Ssl, Starting,
    StatsAutoRecalc, StatsPersistent, StatsSamplePages, StraightJoin, Table, Terminated, Then, Tinyblob, Tinyint, Tinytext, To,
    Trailing, Trigger, True, Undo, Union, Unique, Unlock, Unsigned, Update, Usage, Use, Using, UtcDate, UtcTime, UtcTimestamp, Values,
    Varbinary, Varchar, Varcharacter, Varying, When, Where, While, With, Write, Xor, YearMonth, Zerofill,

    /// <summary>Up to here no name may be, unless it is quoted.</summary>
    LastReserved,

    // Reserved by MySQL 8 as well.
    Cube, CumeDist, DenseRank, Empty, FirstValue, Function, Generated, Get, Grouping, Groups, IoAfterGtids, IoBeforeGtids, JsonTable,
    Lag, LastValue, Lateral, Lead, MasterBind, NthValue, Ntile, Of, OptimizerCosts, PercentRank, Rank, Row, Stored, System, Virtual,
    Window,

    /// <summary>Up to here no name may be in MySQL.</summary>
    LastReservedByMySql,

    // Reserved by nobody.
    Adddate, Against, Aggregate, Algorithm, Any, Array, Ascii, Avg, Backup, Begin, Binlog, BitAnd, BitOr, BitXor, Boolean, Byte, Cache,
    Cascaded, Cast, Chain, Charset, Checksum, Clone, ColumnAdd, ColumnCreate, ColumnGet, Columns, Commit, Committed, Concurrent,
    Connection, Consistent, Count, Curdate, Current, Curtime, Cycle, Data, Date, DateAdd, DateSub, Datetime, Day, Deallocate, Definer,
    Directory, Do, Dumpfile, Duplicate, End, Engine, Error, Escape, Event, Examined, Exclude, Execute, Expansion, Extended, Extract,
    Fields, First, Fixed, Flush, Following, Format, Full, GetFormat, Global, GroupConcat, Handler, Hard, Help, History, Hour, Immediate,
    Import, Install, Instance, Isolation, Json, JsonArrayagg, JsonObjectagg, Language, Lastval, Level, Local, Locked, Max, Median,
    Member, Microsecond, Mid, Min, Minute, Mode, Month, Names, National, Nchar, Nested, Next, Nextval, No, Now, Nowait, Online, Only,
    Option, Ordinality, Others, Package, Partitions, Password, Path, PercentileCont, PercentileDisc, Period, Persist, PersistOnly,
    Position, Preceding, Prepare, Previous, Quarter, Query, Quick, Repair, Repeatable, Reset, Restart, Reverse, Role, Rollback, Rollup,
    Savepoint, Second, Security, Serializable, Server, Session, SessionUser, Setval, Share, Shutdown, Signed, Skip, Snapshot, Soft,
    Some, Sounds, SqlBufferResult, SqlCache, SqlNoCache, SqlTsiDay, SqlTsiHour, SqlTsiMinute, SqlTsiMonth, SqlTsiQuarter, SqlTsiSecond,
    SqlTsiWeek, SqlTsiYear, Start, Statement, Std, Stddev, StddevPop, StddevSamp, Stop, Subdate, Substr, Substring, Sum, Sysdate,
    SystemTime, SystemUser, Tables, Temporary, Ties, Time, Timestamp, Timestampadd, Timestampdiff, Transaction, Trim, TrimOracle,
    Truncate, Unbounded, Uncommitted, Unicode, Uninstall, Unknown, User, Value, VarPop, VarSamp, Variance, Versioning, View, Wait, Week,
    WeightString, Within, Work, Xa, Xml, Year,
}
