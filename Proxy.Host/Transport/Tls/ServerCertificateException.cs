using System.Security.Authentication;

namespace Proxy.Host.Transport.Tls;

/// <summary>A server's certificate was looked at and rejected; the message says what is wrong with it.</summary>
public sealed class ServerCertificateException(string message) : AuthenticationException(message);
