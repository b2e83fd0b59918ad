namespace Proxy.Protocols;

/// <summary>A reader examined all it was given, consumed nothing, and asked for more than the connection may buffer for one frame.</summary>
public sealed class ReadLimitExceededException : Exception
{
    public ReadLimitExceededException(int limitBytes)
        : base($"A frame is longer than the {limitBytes} bytes that this connection may buffer")
    {
        LimitBytes = limitBytes;
    }

    public int LimitBytes { get; }
}
