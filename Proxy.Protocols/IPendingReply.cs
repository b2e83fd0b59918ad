namespace Proxy.Protocols;

/// <summary>A slot of the queue of expected replies; it is used again and again.</summary>
internal interface IPendingReply
{
    /// <summary>Lets go of everything.</summary>
    void Clear();
}
