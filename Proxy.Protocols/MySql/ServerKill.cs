using System.Globalization;
using System.Text;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Ends at the server what a session left behind whose statement outlived it: the server does not notice a closed connection before it has something to say.
/// By KILL on a connection of its own, as the same user.
/// </summary>
internal static class ServerKill
{
    private const int ReplyBytesMax = 4096;

    /// <param name="opened">Whose statement it is.</param>
    /// <param name="thread">The session's number at the server.</param>
    /// <param name="greeting">Of the target.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ServerLoginException">And its like: it could not be done.</exception>
    public static async Task RunAsync(OpenedSession opened, uint thread, TargetGreeting greeting, CancellationToken cancellationToken)
    {
        using var credential = await opened.Target.GetCredentialAsync(cancellationToken);
        var (server, _) = await MySqlServerLeg.OpenAsync(opened with { Credential = credential }, greeting, cancellationToken);
        await using var connection = server;
        var text = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"KILL {thread}"));
        await server.Output.WriteAsync(new PacketWriter().Begin(0).Byte(CommandCode.Query).Bytes(text).End().ToArray(), cancellationToken);
        await new MySqlPacketReader(server.Input, 1).ReadAsync(ReplyBytesMax, cancellationToken); // It may have ended meanwhile: as well.
    }
}
