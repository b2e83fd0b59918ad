namespace Proxy.Tests.Support;

/// <summary>Where a real client connects, and as whom: a server itself, or PhiGate in front of it (then the password is a token).</summary>
public sealed record ClientEndpoint(string Host, int Port, string Database, string User, string Password, string AuthorityPath)
{
    public override string ToString() => $"{User}@{Host}:{Port}/{Database}";
}
