namespace Proxy.Tests.Support;

/// <summary>One line of the server's statement log.</summary>
public sealed record LoggedStatement(string User, string Database, int ProcessId, string ApplicationName, string Message, string Detail);
