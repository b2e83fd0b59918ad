using System.Buffers;

namespace Proxy.Host.DataPlane;

/// <summary>What the control plane can ask the data plane to do, beside status and drain.</summary>
public interface IControlCalls
{
    /// <summary>False when there is no such call, or when it cannot be understood. May wait; never on a socket thread.</summary>
    /// <param name="name">Which call.</param>
    /// <param name="body">May hold secrets: it is overwritten behind the call, so nothing may keep it or answer with it.</param>
    /// <param name="answer">Gets the answer as JSON. May hold secrets: whoever gives it clears it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<bool> CallAsync(string name, ReadOnlyMemory<byte> body, IBufferWriter<byte> answer, CancellationToken cancellationToken);
}
