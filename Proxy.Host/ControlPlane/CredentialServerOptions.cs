using System.Net;
using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.ControlPlane;

/// <summary>Where the HTTPS endpoint for credentials listens, and what it shows.</summary>
public sealed record CredentialServerOptions(IPEndPoint EndPoint, ListenerTlsOptions Tls);
