namespace Proxy.Host.Evidence.Streaming;

/// <summary>How much a record asks for attention, in the words that both formats have.</summary>
internal enum StreamSeverity
{
    Informational = 0,
    Notice,
    Warning,
}
