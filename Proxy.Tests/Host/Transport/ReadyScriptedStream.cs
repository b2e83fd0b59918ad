using Proxy.Host.Transport;

namespace Proxy.Tests.Host.Transport;

/// <summary>A scripted stream that can be asked without waiting.</summary>
internal sealed class ReadyScriptedStream : ScriptedStream, INonBlockingReads
{
    public bool TryRead(Span<byte> buffer, out int count) => TryTake(buffer, out count);
}
