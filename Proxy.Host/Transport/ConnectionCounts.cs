using System.Net;

namespace Proxy.Host.Transport;

/// <summary>How many connections there are, in all, by address and in their handshake; admits or names the limit.</summary>
internal sealed class ConnectionCounts(ListenerSettings limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _connections;
    private int _handshakes;

    public int Connections => Volatile.Read(ref _connections);

    public int Handshakes => Volatile.Read(ref _handshakes);

    public AdmissionLimit? TryEnter(IPAddress address)
    {
        lock (_gate)
        {
            var ofAddress = _byAddress.GetValueOrDefault(address);
            if (_connections >= limits.ConnectionsMax)
                return AdmissionLimit.Connections;
            if (ofAddress >= limits.ConnectionsPerAddressMax)
                return AdmissionLimit.ConnectionsPerAddress;
            if (_handshakes >= limits.HandshakesMax)
                return AdmissionLimit.Handshakes;
            _byAddress[address] = ofAddress + 1;
            _connections++;
            _handshakes++;
            return null;
        }
    }

    public void HandshakeDone()
    {
        lock (_gate)
            _handshakes--;
    }

    public void Leave(IPAddress address)
    {
        lock (_gate)
        {
            _connections--;
            if (--_byAddress[address] == 0)
                _byAddress.Remove(address);
        }
    }
}
