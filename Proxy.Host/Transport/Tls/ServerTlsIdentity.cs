using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Proxy.Host.Transport.Tls;

/// <summary>One loaded certificate and the options made of it, which all handshakes share (a shared context is what makes sessions resumable).</summary>
public sealed record ServerTlsIdentity(X509Certificate2 Certificate, SslServerAuthenticationOptions Options);
