namespace Proxy.Bench.Load;

/// <summary>One transaction as the client saw it.</summary>
/// <param name="CompletedAt">Microseconds since 1970.</param>
/// <param name="Latency">Microseconds from the request to the end of the reply.</param>
internal readonly record struct Transaction(long CompletedAt, int Latency);
