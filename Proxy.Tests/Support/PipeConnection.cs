using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Proxy.Protocols;

namespace Proxy.Tests.Support;

/// <summary>One end of a <see cref="DuplexPipePair"/>. An upgrade changes <see cref="IsEncrypted"/> and nothing else: bytes stay readable.</summary>
public sealed class PipeConnection : IConnection
{
    private readonly AbortableReader _input;

    internal PipeConnection(PipeReader input, PipeWriter output)
    {
        _input = new AbortableReader(input);
        Output = output;
    }

    public PipeReader Input => _input;

    public PipeWriter Output { get; }

    public bool MoreFollows { get; set; }

    public EndPoint? RemoteEndPoint { get; init; } = new IPEndPoint(IPAddress.Loopback, 5432);

    public bool IsEncrypted { get; set; }

    public ConnectionEnd End => IsAborted ? ConnectionEnd.Aborted : ConnectionEnd.None;

    public string? TlsServerName { get; set; }

    public X509Certificate2? EndPointCertificate { get; set; }

    public X509Certificate2? ClientCertificate { get; set; }

    public bool IsAborted { get; private set; }

    /// <summary>What a verifying upgrade as client shall end with, e.g. an untrusted certificate.</summary>
    public Exception? UpgradeFailure { get; set; }

    public ValueTask UpgradeAsServerAsync(bool directTls, CancellationToken cancellationToken)
    {
        if (!directTls && _input.TryRead(out var read))
        {
            var injected = (int)read.Buffer.Length;
            _input.AdvanceTo(read.Buffer.Start);
            if (injected > 0)
                throw new BytesBeforeTlsException(injected);
        }
        return Upgrade();
    }

    public ValueTask UpgradeAsServerBehindRequestAsync(CancellationToken cancellationToken) => Upgrade();

    public ValueTask UpgradeAsClientAsync(CancellationToken cancellationToken) => Upgrade();

    public void Abort()
    {
        IsAborted = true;
        Output.CancelPendingFlush();
        _input.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        await Output.CompleteAsync();
        await _input.CompleteAsync();
    }

    private ValueTask Upgrade()
    {
        if (UpgradeFailure is not null)
            throw UpgradeFailure;
        IsEncrypted = true;
        return ValueTask.CompletedTask;
    }
}
