namespace Proxy.Host.Transport.Tls;

/// <summary>What one call of OpenSSL has to work with. In native memory, where OpenSSL finds it; the pointers are good during a call only.</summary>
internal unsafe struct RecordState
{
    /// <summary>Records that were received.</summary>
    public byte* Input;

    public int InputBytes;

    /// <summary>Where records go that are to be sent.</summary>
    public byte* Output;

    public int OutputRoom;
}
