namespace Proxy.Host.Configuration;

/// <summary>What is wrong with the configuration, and where: <c>rules.yaml:12:5: message</c>, the form that editors jump to.</summary>
public sealed record ConfigurationError(string File, int Line, int Column, string Message)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
