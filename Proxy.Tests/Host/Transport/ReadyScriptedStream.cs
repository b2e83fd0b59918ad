using Proxy.Host.Transport;

namespace Proxy.Tests.Host.Transport;

/// <summary>A scripted stream that can be asked without waiting.</summary>
internal sealed class ReadyScriptedStream : ScriptedStream, INonBlockingReads
{
    /// <summary>Happens while somebody reads.</summary>
    public Action? Reading { get; set; }

    public bool TryRead(Span<byte> buffer, out int count)
    {
        Reading?.Invoke();
        return TryTake(buffer, out count);
    }
}
