using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Transport.ProxyProtocol;
using Proxy.Host.Transport.Tls;

namespace Proxy.Host.ControlPlane;

/// <summary>HTTPS for those who have a token and want a credential. The certificate is reloaded when its file changes, as the listeners' are.</summary>
internal sealed class CredentialServer : IAsyncDisposable
{
    /// <summary>A token of 32 KiB and what a client sends with it.</summary>
    private const int HeaderBytesMax = 48 * 1024;
    private const int BodyBytesMax = 16 * 1024;
    private const int ConnectionsMax = 500;

    private static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(10);

    /// <summary>A load balancer sends its header with the first packet.</summary>
    private static readonly TimeSpan ProxyHeaderPatience = TimeSpan.FromSeconds(5);

    private readonly WebApplication _web;
    private readonly ServerTls _tls;

    private CredentialServer(WebApplication web, ServerTls tls)
    {
        _web = web;
        _tls = tls;
    }

    public static async Task<CredentialServer> StartAsync(CredentialServerOptions options, ControlSocketClient dataPlane, ILogger log)
    {
        var tls = new ServerTls(
            options.Tls.CertificateFile, options.Tls.KeyFile, fault => OnReload(log, fault), protocols: TlsVersions.From(options.Tls.MinimumVersion),
            asksForClientCertificate: options.Tls.AskForClientCertificate);
        try
        {
            var builder = WebHosting.CreateBuilder();
            builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options, tls, log));
            var web = builder.Build();
            CredentialEndpoints.Map(web, dataPlane);
            await web.StartAsync();
            return new CredentialServer(web, tls);
        }
        catch
        {
            tls.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _tls.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, CredentialServerOptions options, ServerTls tls, ILogger log)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = HeldAuthorizationEncoding.For;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
        kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
        kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
        kestrel.Limits.RequestHeadersTimeout = RequestPatience;
        kestrel.Limits.KeepAliveTimeout = RequestPatience; // Until the first byte of the only request: who says nothing keeps nobody's place.
        kestrel.Listen(options.EndPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (options.ProxyProtocol is { } proxies)
            {
                var headers = new ProxyProtocolReader(proxies.Parsed, ProxyHeaderPatience);
                listen.Use(next => connection => FromLoadBalancerAsync(connection, headers, next, log));
            }
            var encryption = new SecretTls(tls);
            listen.Use(next => connection => encryption.ServeAsync(connection, next));
        });
    }

    /// <summary>In front of TLS: from here on the connection has the client's own address.</summary>
    private static async Task FromLoadBalancerAsync(ConnectionContext connection, ProxyProtocolReader headers, ConnectionDelegate next, ILogger log)
    {
        try
        {
            connection.RemoteEndPoint = await headers.ReadAsync(connection.RemoteEndPoint, connection.Transport.Input);
        }
        catch (ProxyProtocolException exception)
        {
            Log.ProxyHeaderRejected(log, exception.Message);
            connection.Abort();
            return;
        }
        await next(connection);
    }

    private static void OnReload(ILogger log, Exception? fault)
    {
        if (fault is null) Log.CertificateReloaded(log);
        else Log.CertificateRejected(log, fault.Message);
    }
}
