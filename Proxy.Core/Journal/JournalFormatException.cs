namespace Proxy.Core.Journal;

/// <summary>A journal file is not what the format says. The message names the file; it never holds a value from a record.</summary>
public sealed class JournalFormatException(string message) : IOException(message);
