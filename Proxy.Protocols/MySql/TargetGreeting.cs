using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// What a target says of itself before anybody has signed in: MySQL speaks first, so that a client must be told by us. Asked of the server when the first client
/// comes, and taken from every login after that.
/// </summary>
/// <param name="connect">Connects to the target, in plaintext.</param>
public sealed class TargetGreeting(Func<CancellationToken, ValueTask<IConnection>> connect)
{
    private const int GreetingBytesMax = 4096;

    private volatile Greeting? _known;

    /// <exception cref="ServerUnreachableException">It cannot be had.</exception>
    internal async ValueTask<Greeting> CurrentAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known) return known;
        await using var server = await connect(cancellationToken);
        return await ReadAsync(new MySqlPacketReader(server.Input, 0), cancellationToken);
    }

    /// <summary>Reads the greeting of a server that has just been connected to, and remembers it.</summary>
    /// <exception cref="ServerLoginException">The server refuses to talk, or does not speak the protocol.</exception>
    internal async ValueTask<Greeting> ReadAsync(MySqlPacketReader reader, CancellationToken cancellationToken)
    {
        var payload = await reader.ReadAsync(GreetingBytesMax, cancellationToken) ?? throw new ServerLoginException("the server closed the connection");
        if (payload is [ReplyCode.Error, ..]) throw ServerLoginException.Of(payload);
        return _known = Greeting.Decode(payload);
    }
}
