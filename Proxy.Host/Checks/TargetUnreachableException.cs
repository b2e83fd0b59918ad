namespace Proxy.Host.Checks;

/// <summary>A target could not be asked. The message holds neither password nor connection string.</summary>
public sealed class TargetUnreachableException(string message, Exception innerException) : Exception(message, innerException);
