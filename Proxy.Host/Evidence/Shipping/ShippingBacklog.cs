using Proxy.Core.Journal;
using Proxy.Core.Journal.Segments;

namespace Proxy.Host.Evidence.Shipping;

/// <summary>Holds the journal when too many of its segments wait to be shipped: then new statements are refused, and nothing is lost.</summary>
internal sealed class ShippingBacklog(string journalDirectory, int waitingMax) : ISegmentPermit
{
    private readonly string _position = ShippingPosition.PathFor(journalDirectory);

    public string? RefusalOf(long number)
    {
        var shipped = ShippingPosition.Read(_position);
        var waiting = EndedSegments.CountBehind(journalDirectory, shipped);
        return waiting <= waitingMax ? null : $"{waiting} segments wait to be shipped, {waitingMax} may";
    }
}
