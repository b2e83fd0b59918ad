using Microsoft.Data.Sqlite;

namespace Proxy.Host.Evidence.Index;

/// <summary>
/// The readable part of a journal in SQLite, for searching. It can be thrown away at any time: it is made from the journal, brought up to its end
/// at each opening, and made anew when it is damaged or of another journal.
/// </summary>
public sealed class AuditIndex : IDisposable
{
    private readonly string _journalDirectory;
    private readonly string _path;
    private SqliteConnection _connection;

    private AuditIndex(string journalDirectory, string path, CancellationToken cancellationToken)
    {
        _journalDirectory = journalDirectory;
        _path = path;
        _connection = Connect(journalDirectory, path, cancellationToken);
    }

    public static string DefaultPathFor(string journalDirectory) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(journalDirectory)) + "-index.sqlite";

    /// <exception cref="IOException">The journal cannot be read, or the index not be written.</exception>
    public static AuditIndex Open(string journalDirectory, string path, CancellationToken cancellationToken)
    {
        try
        {
            return new AuditIndex(journalDirectory, path, cancellationToken);
        }
        catch (SqliteException damaged) when (File.Exists(path) && damaged.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_ERROR)
        {
            Delete(path);
        }
        try
        {
            return new AuditIndex(journalDirectory, path, cancellationToken);
        }
        catch (SqliteException failure)
        {
            throw new IOException($"The index {path} cannot be made: {failure.Message}", failure);
        }
    }

    /// <summary>Statements that the question asks for, the newest first.</summary>
    public IReadOnlyList<StatementRow> Search(StatementQuery query) => Ask(connection =>
    {
        using var command = query.ToCommand(connection);
        using var reader = command.ExecuteReader();
        var rows = new List<StatementRow>();
        while (reader.Read())
            rows.Add(StatementRow.Read(reader));
        return rows;
    });

    /// <summary>A session, or null when the index does not know it.</summary>
    public SessionRow? SessionOf(string session) => Ask(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"select {SessionRow.Columns} from sessions where session = $session";
        command.Parameters.AddWithValue("$session", session);
        using var reader = command.ExecuteReader();
        return reader.Read() ? SessionRow.Read(reader) : null;
    });

    /// <summary>Sessions that were open in the period, in the order in which they were opened.</summary>
    public IReadOnlyList<SessionRow> Sessions(DateTimeOffset from, DateTimeOffset to) => Read(
        $"select {SessionRow.Columns} from sessions where opened < $to and coalesce(closed, $to) >= $from order by number", from, to, SessionRow.Read);

    /// <summary>What happened in the period and is no statement.</summary>
    public IReadOnlyList<EventRow> Events(DateTimeOffset from, DateTimeOffset to) => Read(
        $"select {EventRow.Columns} from events where time >= $from and time < $to order by number", from, to, EventRow.Read);

    /// <summary>What happened, by the number of its record; null when the index does not know it, or it is a statement.</summary>
    public EventRow? EventOf(long number) => Ask(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"select {EventRow.Columns} from events where number = $number";
        command.Parameters.AddWithValue("$number", number);
        using var reader = command.ExecuteReader();
        return reader.Read() ? EventRow.Read(reader) : null;
    });

    /// <summary>The record that says since when this version of the configuration was in force when a record was made, and who its author is; null when there is none.</summary>
    public EventRow? VersionInForce(string version, long number) => Ask(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            $"select {EventRow.Columns} from events where kind = 'configuration_changed' and what = $version and number <= $number order by number desc limit 1";
        command.Parameters.AddWithValue("$version", version);
        command.Parameters.AddWithValue("$number", number);
        using var reader = command.ExecuteReader();
        return reader.Read() ? EventRow.Read(reader) : null;
    });

    /// <summary>Whose rows the answers of the period held.</summary>
    public IReadOnlyList<SubjectsRow> Subjects(DateTimeOffset from, DateTimeOffset to) => Read(
        $"select {SubjectsRow.Columns} from subjects where time >= $from and time < $to order by number", from, to, SubjectsRow.Read);

    private List<TRow> Read<TRow>(string text, DateTimeOffset from, DateTimeOffset to, Func<SqliteDataReader, TRow> read) => Ask(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.Parameters.AddWithValue("$from", from.UtcTicks);
        command.Parameters.AddWithValue("$to", to.UtcTicks);
        using var reader = command.ExecuteReader();
        var rows = new List<TRow>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    });

    /// <summary>The segment in which a session begins; 0 when the index does not know it.</summary>
    public long SegmentOf(Guid session) => Ask(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select segment from sessions where session = $session";
        command.Parameters.AddWithValue("$session", session.ToString());
        return command.ExecuteScalar() as long? ?? 0;
    });

    public void Dispose() => _connection.Dispose();

    /// <summary>Pages that nobody reads while the index is opened can be damaged, too: then it is made anew, and asked once more.</summary>
    private TAnswer Ask<TAnswer>(Func<SqliteConnection, TAnswer> question)
    {
        try
        {
            return question(_connection);
        }
        catch (SqliteException damaged) when (damaged.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
        {
            _connection.Dispose();
            Delete(_path);
            _connection = Connect(_journalDirectory, _path, CancellationToken.None);
            return question(_connection);
        }
    }

    private static SqliteConnection Connect(string journalDirectory, string path, CancellationToken cancellationToken)
    {
        MakeForOwnerOnly(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            // What a crash leaves half done is made anew.
            Execute(connection, "pragma journal_mode = memory; pragma synchronous = off; pragma temp_store = memory; pragma cache_size = -65536");
            new IndexBuilder(connection, journalDirectory).Run(cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private static void MakeForOwnerOnly(string path)
    {
        if (File.Exists(path)) return;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, options).Dispose();
    }

    private static void Delete(string path)
    {
        File.Delete(path);
        File.Delete(path + "-journal");
    }
}
