using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Polly.Timeout;
using Proxy.Host.Catalogue;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.ServerCredentials;
using Proxy.Protocols;

namespace Proxy.Host.Checks;

/// <summary>Inspects over a connection like those that sessions get.</summary>
public sealed class NpgsqlTargetInspector(TimeProvider time) : ITargetInspector
{
    public async Task<TargetFacts> InspectAsync(TargetOptions target, string database, CancellationToken cancellationToken)
    {
        try
        {
            await using var loader = new CatalogueLoader(
                TargetConnection.For(target, database), time, TargetConnection.TlsOf(target),
                CredentialSources.For(target, target.DatabaseUser, time, NullLogger.Instance), target.DatabaseUsers.Keys);
            var rights = await loader.RightsAsync(cancellationToken);
            var (facts, _) = await loader.LoadAsync(cancellationToken);
            return new TargetFacts(rights, facts);
        }
        catch (PostgresException exception)
        {
            throw new TargetUnreachableException($"{exception.MessageText} (SQLSTATE {exception.SqlState})", exception);
        }
        catch (ServerCredentialException exception)
        {
            throw new TargetUnreachableException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutRejectedException or TimeoutException or IOException)
        {
            throw new TargetUnreachableException($"{exception.Message} {exception.InnerException?.Message}".TrimEnd(), exception);
        }
    }
}
