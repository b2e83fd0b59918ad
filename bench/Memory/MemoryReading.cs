using Proxy.Bench.Load;

namespace Proxy.Bench.Memory;

/// <summary>A process's memory at one moment, in kilobytes.</summary>
/// <param name="Resident">All resident pages.</param>
/// <param name="Proportional">Shared pages counted by their share.</param>
internal sealed record MemoryReading(long Resident, long Proportional)
{
    public static MemoryReading Of(int processId)
        => new(ProcessStatistics.ResidentKilobytes(processId), ProcessStatistics.ProportionalKilobytes(processId));
}
