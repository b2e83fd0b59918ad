using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Proxy.Protocols;

namespace Proxy.Tests.Support;

/// <summary>A connection whose reads come in as many segments as there are bytes.</summary>
public sealed class SegmentedConnection(IConnection inner) : IConnection
{
    private readonly SegmentedReader _input = new(inner.Input);

    public PipeReader Input => _input;

    public PipeWriter Output => inner.Output;

    public bool MoreFollows { get; set; }

    public EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

    public bool IsEncrypted => inner.IsEncrypted;

    public ConnectionEnd End => inner.End;

    public string? TlsServerName => inner.TlsServerName;

    public X509Certificate2? EndPointCertificate => inner.EndPointCertificate;

    public X509Certificate2? ClientCertificate => inner.ClientCertificate;

    public ValueTask UpgradeAsServerAsync(bool directTls, CancellationToken cancellationToken) => inner.UpgradeAsServerAsync(directTls, cancellationToken);

    public ValueTask UpgradeAsServerBehindRequestAsync(CancellationToken cancellationToken) => inner.UpgradeAsServerBehindRequestAsync(cancellationToken);

    public ValueTask UpgradeAsClientAsync(CancellationToken cancellationToken) => inner.UpgradeAsClientAsync(cancellationToken);

    public void Abort() => inner.Abort();

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class SegmentedReader(PipeReader input) : PipeReader
    {
        private ReadOnlySequence<byte> _received;
        private ReadOnlySequence<byte> _given;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            Split(await input.ReadAsync(cancellationToken));

        public override bool TryRead(out ReadResult result)
        {
            if (!input.TryRead(out result)) return false;
            result = Split(result);
            return true;
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
            input.AdvanceTo(_received.GetPosition(_given.Slice(0, consumed).Length), _received.GetPosition(_given.Slice(0, examined).Length));

        public override void CancelPendingRead() => input.CancelPendingRead();

        public override void Complete(Exception? exception = null) => input.Complete(exception);

        private ReadResult Split(ReadResult read)
        {
            _received = read.Buffer;
            var bytes = _received.ToArray();
            _given = bytes.Length < 2 ? new ReadOnlySequence<byte>(bytes) : SplitSequence.Of(bytes, [.. Enumerable.Repeat(1, bytes.Length - 1)]);
            return new ReadResult(_given, read.IsCanceled, read.IsCompleted);
        }
    }
}
