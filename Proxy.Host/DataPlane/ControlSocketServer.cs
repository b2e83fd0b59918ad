using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Proxy.Host.Metrics;
using Proxy.Host.Transport;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.DataPlane;

/// <summary>
/// The data plane's end of the local socket. One request per connection, one line of at most 64 bytes: "status", "metrics", "drain SECONDS", "stop",
/// "call NAME LENGTH" with so many bytes of JSON behind the line, or "attach", which stays open: when it breaks, the control plane has died, and the data plane drains rather than run unwatched. A reply is
/// "ok LENGTH" and so many bytes, or "error TEXT".
/// </summary>
public sealed class ControlSocketServer : IAsyncDisposable
{
    internal const int RequestBytesMax = 64;

    /// <summary>A call may fetch an issuer's keys, or wait for sessions to end.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan PauseAfterAcceptError = TimeSpan.FromMilliseconds(100);

    private readonly IDataPlaneStatus _status;
    private readonly IControlCalls _calls;
    private readonly PrometheusExporter _metrics;
    private readonly DrainSignal _drain;
    private readonly TimeSpan _drainTimeout;
    private readonly ILogger _log;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    /// <param name="path">In a directory that only this user can enter: who can connect can stop the gateway.</param>
    /// <param name="status">Answers status.</param>
    /// <param name="calls">Answers calls.</param>
    /// <param name="metrics">Answers metrics.</param>
    /// <param name="drain">Is begun by drain, expired by stop.</param>
    /// <param name="drainTimeout">The patience when the control plane dies.</param>
    /// <param name="log">Where a lost control plane is noted.</param>
    public ControlSocketServer(
        string path, IDataPlaneStatus status, IControlCalls calls, PrometheusExporter metrics, DrainSignal drain, TimeSpan drainTimeout, ILogger log)
    {
        _status = status;
        _calls = calls;
        _metrics = metrics;
        _drain = drain;
        _drainTimeout = drainTimeout;
        _log = log;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(16);
        _accepting = Task.Run(AcceptAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await OffSocketThread.Await(_accepting);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                try
                {
                    var socket = await OffSocketThread.Await(_listener.AcceptAsync(_stopping.Token));
                    _ = OffSocketThread.Run(() => ServeAsync(socket));
                }
                catch (SocketException) when (!_stopping.IsCancellationRequested)
                {
                    // Out of descriptors or memory for a moment: whoever asks for health or metrics must not be left without an answer for ever.
                    await OffSocketThread.Await(Task.Delay(PauseAfterAcceptError, _stopping.Token));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Stopping.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                patience.CancelAfter(TimeSpan.FromSeconds(5));
                var (request, rest) = await ReadLineAsync(socket, patience.Token);
                if (request is "attach")
                {
                    await WatchAsync(socket);
                    return;
                }
                var call = request?.Split(' ') is ["call", var name, var digits] ? (name, digits) : default;
                using var answer = new SecretWriter(); // It may be a one-time credential.
                var isKnown = call.name is null ? TryAnswer(request, answer) : await CallAsync(socket, call.name, call.digits, rest, answer, patience);
                var head = isKnown ? string.Create(CultureInfo.InvariantCulture, $"ok {answer.Written.Length}\n") : "error unknown request\n";
                await socket.SendAsync(Encoding.ASCII.GetBytes(head), patience.Token);
                if (isKnown)
                    await socket.SendAsync(answer.Written, patience.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Whoever asked is gone.
            }
        }
    }

    private bool TryAnswer(string? request, IBufferWriter<byte> answer)
    {
        if (Answer(request) is not { } text)
            return false;
        Encoding.UTF8.GetBytes(text, answer);
        return true;
    }

    private string? Answer(string? request)
    {
        switch (request?.Split(' '))
        {
            case ["status"]:
                return JsonSerializer.Serialize(
                    _drain.IsDraining ? DataPlaneReadiness.NotReady("draining: no new sessions are accepted") : _status.Readiness);
            case ["metrics"]:
                return _metrics.Render();
            case ["drain", var seconds] when uint.TryParse(seconds, CultureInfo.InvariantCulture, out var timeout) && timeout <= 86_400:
                _drain.Begin(TimeSpan.FromSeconds(timeout));
                return "draining";
            case ["stop"]:
                _drain.Expire();
                return "stopping";
            default:
                return null;
        }
    }

    private async Task<bool> CallAsync(Socket socket, string name, string digits, byte[] rest, IBufferWriter<byte> answer, CancellationTokenSource patience)
    {
        if (!int.TryParse(digits, CultureInfo.InvariantCulture, out var length) || length < rest.Length || length > ControlCall.BodyBytesMax)
            return false;
        var body = SecretBytes.New(length);
        try
        {
            rest.CopyTo(body, 0);
            SecretBytes.Clear(rest);
            for (var read = rest.Length; read < length;)
            {
                var received = await socket.ReceiveAsync(body.AsMemory(read), patience.Token);
                if (received == 0)
                    return false;
                read += received;
            }
            patience.CancelAfter(CallTimeout);
            return await _calls.CallAsync(name, body, answer, patience.Token);
        }
        finally
        {
            SecretBytes.Clear(body);
        }
    }

    private async Task WatchAsync(Socket socket)
    {
        try
        {
            await socket.SendAsync("ok 0\n"u8.ToArray(), _stopping.Token);
            while (await socket.ReceiveAsync(new byte[16], _stopping.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // As good as closed, even if it went before it had its answer.
        }
        DataPlaneProcess.DrainAlone(_drain, _drainTimeout, _log);
    }

    /// <summary>A line, and what came behind it; null when there is none.</summary>
    private static async Task<(string? Line, byte[] Behind)> ReadLineAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = SecretBytes.New(RequestBytesMax);
        var length = 0;
        while (length < buffer.Length)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (received == 0)
                return (null, []);
            length += received;
            if (buffer.AsSpan(0, length).IndexOf((byte)'\n') is >= 0 and var end)
            {
                var behind = SecretBytes.CopyOf(buffer.AsSpan((end + 1)..length));
                var line = Encoding.ASCII.GetString(buffer, 0, end);
                SecretBytes.Clear(buffer); // The beginning of a body may have come with it.
                return (line, behind);
            }
        }
        return (null, []);
    }
}
