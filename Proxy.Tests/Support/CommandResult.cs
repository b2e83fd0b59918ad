namespace Proxy.Tests.Support;

public sealed record CommandResult(int ExitCode, string Output, string Errors);
