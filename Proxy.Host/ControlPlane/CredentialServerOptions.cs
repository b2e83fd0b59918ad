using System.Net;
using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.ControlPlane;

/// <summary>Where the HTTPS endpoint for credentials listens, what it shows, and whether connections come from load balancers.</summary>
public sealed record CredentialServerOptions(IPEndPoint EndPoint, ListenerTlsOptions Tls, ProxyProtocolOptions? ProxyProtocol = null);
