namespace Proxy.Core.Journal.Sealing;

/// <summary>A key is missing, foreign, or its holder does not answer. The message names keys by their ids, never by their bytes.</summary>
public sealed class JournalKeyException(string message, Exception? inner = null) : IOException(message, inner);
