namespace Proxy.Core.Journal;

/// <summary>Another process owns the journal directory, or ownership cannot be established.</summary>
public sealed class JournalInUseException(string message, Exception? inner = null) : IOException(message, inner);
