namespace Proxy.Host.Evidence.Reconciliation;

/// <summary>A statement as a server's own log has it.</summary>
/// <param name="Line">Where it begins in the log.</param>
/// <param name="Time">When the server logged it.</param>
/// <param name="User">Of the database.</param>
/// <param name="Database">It ran in; empty where the log does not say.</param>
/// <param name="Session">The server's own name of the session, such as a process id.</param>
/// <param name="Application">What the client called itself; empty where the log does not say.</param>
/// <param name="Text">As it was sent. PHI.</param>
public sealed record ServerStatement(long Line, DateTimeOffset Time, string User, string Database, string Session, string Application, string Text)
{
    public override string ToString() => $"statement at line {Line}";
}
