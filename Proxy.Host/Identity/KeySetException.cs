namespace Proxy.Host.Identity;

/// <summary>An issuer's keys cannot be had. The message says why and holds nothing secret.</summary>
internal sealed class KeySetException(string message, Exception? innerException = null) : Exception(message, innerException);
