using System.Text;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Opens a session's leg to its server: connect, TLS, login. A server that rejects the credential is asked once more, on a new connection, with a
/// newer one if there is any: it was rotated.
/// </summary>
internal static class PostgresServerLeg
{
    /// <summary>The connection that is logged in, and what the server said; the caller disposes the connection.</summary>
    /// <param name="target">Where to, and with what.</param>
    /// <param name="credential">What to log in with at first; the caller's to dispose.</param>
    /// <param name="settings">For the start-up packet.</param>
    /// <param name="shownApplicationName">What the client is told that it is called, when the packet calls it otherwise.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<(IConnection Server, ServerGreeting Greeting)> OpenAsync(
        ITarget target, ServerCredential credential, IReadOnlyList<KeyValuePair<string, string>> settings, string? shownApplicationName,
        CancellationToken cancellationToken)
    {
        try
        {
            return await LogInAsync(target, credential, settings, shownApplicationName, cancellationToken);
        }
        catch (ServerLoginException rejection) when (IsCredentialRejected(rejection))
        {
            using var newer = await target.RenewCredentialAsync(credential, cancellationToken);
            if (newer is null) throw;
            return await LogInAsync(target, newer, settings, shownApplicationName, cancellationToken);
        }
    }

    private static async Task<(IConnection Server, ServerGreeting Greeting)> LogInAsync(
        ITarget target, ServerCredential credential, IReadOnlyList<KeyValuePair<string, string>> settings, string? shownApplicationName,
        CancellationToken cancellationToken)
    {
        var server = await target.ConnectAsync(cancellationToken);
        try
        {
            var login = new PostgresServerLogin(server, target.RequiresTls, target.ScramKeys) { ShownApplicationName = shownApplicationName };
            return (server, await login.RunAsync(
                [new("user", credential.User), new("database", target.Database), .. settings], credential.User, credential.Password, cancellationToken));
        }
        catch (Exception reason)
        {
            var isBroken = TlsIncidents.IsBroken(server);
            await server.DisposeAsync();
            if (isBroken && reason is not TlsHandshakeException)
                throw new TlsHandshakeException(TlsHandshakeFailure.Broken, "A TLS record of the server does not verify", reason);
            throw;
        }
    }

    /// <summary>invalid_password, invalid_authorization_specification: of user or password, not of the database.</summary>
    private static bool IsCredentialRejected(ServerLoginException rejection) =>
        rejection.ErrorResponse is { } error && Encoding.ASCII.GetString(new ErrorFields(error)[ErrorFields.SqlState]) is "28P01" or "28000";
}
