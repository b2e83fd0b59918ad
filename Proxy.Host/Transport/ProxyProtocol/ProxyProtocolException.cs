namespace Proxy.Host.Transport.ProxyProtocol;

/// <summary>A connection did not begin as one of a load balancer must; the message is one of a few, and holds nothing that was sent.</summary>
public sealed class ProxyProtocolException(string message) : Exception(message);
