using Npgsql;
using Polly.Timeout;
using Proxy.Host.Catalogue;
using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.Checks;

/// <summary>Inspects over a connection like those that sessions get.</summary>
public sealed class NpgsqlTargetInspector(TimeProvider time) : ITargetInspector
{
    public async Task<TargetFacts> InspectAsync(TargetOptions target, string database, CancellationToken cancellationToken)
    {
        try
        {
            var password = await CredentialReader.ReadAsync(target.Credential, cancellationToken);
            await using var loader = new CatalogueLoader(TargetConnection.For(target, database, password), time, TargetConnection.TlsOf(target));
            var rights = await loader.RightsAsync(cancellationToken);
            var (facts, _) = await loader.LoadAsync(cancellationToken);
            return new TargetFacts(rights, facts);
        }
        catch (PostgresException exception)
        {
            throw new TargetUnreachableException($"{exception.MessageText} (SQLSTATE {exception.SqlState})", exception);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutRejectedException or TimeoutException or IOException)
        {
            throw new TargetUnreachableException($"{exception.Message} {exception.InnerException?.Message}".TrimEnd(), exception);
        }
    }
}
