namespace Proxy.Core.Journal;

/// <summary>What a rendering of the journal shows. The default shows no PHI.</summary>
/// <param name="ShowsStatements">The text of statements.</param>
/// <param name="ShowsParameters">Parameter values, as the bytes of Bind in base64.</param>
public readonly record struct JournalFormatterOptions(bool ShowsStatements, bool ShowsParameters);
