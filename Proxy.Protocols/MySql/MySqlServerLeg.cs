namespace Proxy.Protocols.MySql;

/// <summary>
/// Opens a session's leg to its server: connect, TLS, login. A server that rejects the credential is asked once more, on a new connection, with a
/// newer one if there is any: it was rotated.
/// </summary>
internal static class MySqlServerLeg
{
    /// <summary>ER_ACCESS_DENIED_ERROR, ER_ACCESS_DENIED_NO_PASSWORD_ERROR: of user or password, not of the database.</summary>
    private static bool IsCredentialRejected(ServerLoginException rejection) => rejection.Number is 1045 or 1698;

    /// <summary>The connection that is logged in, and what the server said; the caller disposes the connection.</summary>
    /// <param name="opened">Who goes where, and with what.</param>
    /// <param name="greeting">Is told what the server says first.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<(IConnection Server, ServerSession Session)> OpenAsync(OpenedSession opened, TargetGreeting greeting, CancellationToken cancellationToken)
    {
        try
        {
            return await LogInAsync(opened, opened.Credential, greeting, cancellationToken);
        }
        catch (ServerLoginException rejection) when (IsCredentialRejected(rejection))
        {
            using var newer = await opened.Target.RenewCredentialAsync(opened.Credential, cancellationToken);
            if (newer is null) throw;
            return await LogInAsync(opened, newer, greeting, cancellationToken);
        }
    }

    private static async Task<(IConnection Server, ServerSession Session)> LogInAsync(
        OpenedSession opened, ServerCredential credential, TargetGreeting greeting, CancellationToken cancellationToken)
    {
        var target = opened.Target;
        var server = await target.ConnectAsync(cancellationToken);
        try
        {
            var login = new MySqlServerLogin(server, greeting, target.RequiresTls)
            {
                Attributes = target.LabelsSessions ? SessionLabel.Attributes(opened.Id, opened.Principal) : opened.Client.Attributes,
            };
            return (server, await login.RunAsync(
                opened.Client, credential.User, credential.Password, target.Database, opened.Admission.Settings, cancellationToken));
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
}
