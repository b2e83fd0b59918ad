using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Polly.Timeout;
using Proxy.Core.Sql;
using Proxy.Host.Catalogue.MySql;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.ServerCredentials;
using Proxy.Protocols;

namespace Proxy.Host.Checks;

/// <summary>Inspects over a connection like those that the catalogue gets.</summary>
public sealed class MySqlTargetInspector(ISqlFrontEnd frontEnd, TimeProvider time) : ITargetInspector
{
    public async Task<TargetFacts> InspectAsync(TargetOptions target, string database, CancellationToken cancellationToken)
    {
        try
        {
            await using var loader = new MySqlCatalogueLoader(
                MySqlTargetConnection.For(target, database), frontEnd, time, TargetConnection.TlsOf(target),
                CredentialSources.CacheFor(target, target.DatabaseUser, time, NullLogger.Instance),
                target.DatabaseUsers.Keys.Select(user => KeyValuePair.Create(user, (IServerCredentials)CredentialSources.CacheFor(target, user, time, NullLogger.Instance))));
            var rights = await loader.RightsAsync(cancellationToken);
            var (facts, _) = await loader.LoadAsync(cancellationToken);
            return new TargetFacts(rights, facts);
        }
        catch (ServerCredentialException exception)
        {
            throw new TargetUnreachableException(exception.Message, exception);
        }
        catch (MySqlException exception) when (exception.Number is > 0 and < 2000)
        {
            throw new TargetUnreachableException($"{exception.Message} (error {exception.Number}, SQLSTATE {exception.SqlState})", exception);
        }
        catch (NotSupportedException exception)
        {
            throw new TargetUnreachableException("the server authenticates a database user by a plugin that the catalogue's driver does not have: use mysql_native_password or caching_sha2_password", exception);
        }
        catch (Exception exception) when (exception is MySqlException or TimeoutRejectedException or TimeoutException or IOException)
        {
            throw new TargetUnreachableException($"{exception.Message} {exception.InnerException?.Message}".TrimEnd(), exception);
        }
    }
}
