using System.Text;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>The gateway could not log in to a server. The message is fit for the log; what the server said is kept apart.</summary>
public sealed class ServerLoginException : Exception
{
    public ServerLoginException(string message)
        : base(message)
    {
    }

    /// <summary>The server's error number; 0 when it did not get as far.</summary>
    public int Number { get; private init; }

    public string SqlState { get; private init; } = "";

    internal static ServerLoginException Of(ReadOnlySpan<byte> payload) => ErrorPacket.TryDecode(payload, out var error)
        ? new ServerLoginException($"the server refused the login with error {error.Number}") { Number = error.Number, SqlState = Encoding.ASCII.GetString(error.SqlState) }
        : new ServerLoginException("the server refused the login");
}
