using System.Globalization;
using Microsoft.Data.Sqlite;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;

namespace Proxy.Host.Evidence.Index;

/// <summary>Reads what of the journal is not in the index yet, in one transaction.</summary>
internal sealed class IndexBuilder(SqliteConnection connection, string directory)
{
    private long _segment;
    private long _record;
    private Guid _journalId;

    public void Run(CancellationToken cancellationToken)
    {
        var isNew = !TryReadPlace();
        using var reader = new JournalReader(directory, firstSegment: _segment);
        using var transaction = connection.BeginTransaction();
        if (isNew) AuditIndex.Execute(connection, IndexSchema.Tables);
        using var rows = new IndexRows(connection);
        while (reader.Read() is var step and not JournalReadResult.End)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_journalId != Guid.Empty && reader.JournalId != _journalId)
                throw new SqliteException("The index is of another journal.", SQLitePCL.raw.SQLITE_ERROR);
            _journalId = reader.JournalId;
            if (step is not JournalReadResult.Record || reader.Entry.Number <= _record) continue;
            rows.Add(reader.Entry, RecordDecoder.Decode(reader.Entry));
            (_segment, _record) = (reader.Entry.Segment, reader.Entry.Number);
        }

        DropPurged();
        WritePlace();
        transaction.Commit();
        AuditIndex.Execute(connection, IndexSchema.Indexes);
    }

    /// <summary>
    /// What is no longer in the journal is not to be found here either; sessions stay as long as any of their statements do, and documentation as long as a record
    /// holds it.
    /// </summary>
    private void DropPurged()
    {
        var first = JournalReader.FirstRecordOf(directory);
        if (first <= 1) return;
        AuditIndex.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
            delete from statements where number < {first};
            delete from kept where by < {first};
            delete from events where number < {first} and number not in (select number from kept);
            delete from subjects where number < {first};
            delete from relations where number < {first};
            delete from sessions where number < {first} and session not in (select session from statements);
            """));
    }

    private bool TryReadPlace()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from sqlite_master where name = 'meta'";
        if ((long)command.ExecuteScalar()! == 0) return false;
        command.CommandText = "select journal, version, segment, record from meta";
        using var reader = command.ExecuteReader();
        if (!reader.Read() || reader.GetInt32(1) != IndexSchema.Version)
            throw new SqliteException("The index is of another version.", SQLitePCL.raw.SQLITE_ERROR);
        (_journalId, _segment, _record) = (Guid.Parse(reader.GetString(0)), reader.GetInt64(2), reader.GetInt64(3));
        return true;
    }

    private void WritePlace()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "delete from meta; insert into meta values ($journal, $version, $segment, $record)";
        command.Parameters.AddWithValue("$journal", _journalId.ToString());
        command.Parameters.AddWithValue("$version", IndexSchema.Version);
        command.Parameters.AddWithValue("$segment", _segment);
        command.Parameters.AddWithValue("$record", _record);
        command.ExecuteNonQuery();
    }
}
