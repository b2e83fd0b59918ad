namespace Proxy.Core.Journal;

/// <summary>What a journal record says. Values are part of the file format: never reuse one.</summary>
public enum RecordKind : ushort
{
    None = 0,
    SessionOpened = 1,
    SessionClosed = 2,
    SignInRefused = 3,

    /// <summary>The text of a statement, before any message that carries or names it is forwarded.</summary>
    Intent = 4,

    /// <summary>Parameters and target of an execution of a prepared statement, before it is forwarded; refers to the Intent with the text.</summary>
    Execution = 5,
    Refused = 6,
    Outcome = 7,
    ConfigurationChanged = 8,
    Cancelled = 9,
}
