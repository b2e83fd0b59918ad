using System.Globalization;

namespace Proxy.Host.Evidence.Streaming;

/// <summary>How far a receiver has acknowledged a journal: a file of one line, <c>journal segment record</c>. Deleting it sends everything again.</summary>
internal sealed class StreamPosition(string path)
{
    public Guid JournalId { get; private set; }

    /// <summary>Where the next record is looked for; 0 is the beginning.</summary>
    public long Segment { get; private set; }

    /// <summary>The last one that was acknowledged.</summary>
    public long Record { get; private set; }

    /// <summary>Beside the journal, which only its writer writes to.</summary>
    public static string DirectoryFor(string journalDirectory) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(journalDirectory)) + "-streams";

    /// <summary>What is not a position counts as none: everything is sent again, nothing is left out.</summary>
    public void Load()
    {
        (JournalId, Segment, Record) = (Guid.Empty, 0, 0);
        if (!File.Exists(path) || File.ReadAllText(path).Trim().Split(' ') is not [var journal, var segment, var record]) return;
        if (Guid.TryParse(journal, out var id) && long.TryParse(segment, CultureInfo.InvariantCulture, out var at) && long.TryParse(record, CultureInfo.InvariantCulture, out var number))
            (JournalId, Segment, Record) = (id, at, number);
    }

    public void Save(Guid journalId, long segment, long record)
    {
        (JournalId, Segment, Record) = (journalId, segment, record);
        File.WriteAllText(path + ".new", string.Create(CultureInfo.InvariantCulture, $"{journalId:D} {segment} {record}\n"));
        File.Move(path + ".new", path, overwrite: true);
    }
}
