using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.Checks;

/// <summary>Inspects each target in its own protocol.</summary>
public sealed class TargetInspector(TimeProvider time) : ITargetInspector
{
    private readonly NpgsqlTargetInspector _postgres = new(time);
    private readonly MySqlTargetInspector _mySql = new(MySqlFrontEnds.ForCatalogue, time);

    public Task<TargetFacts> InspectAsync(TargetOptions target, string database, CancellationToken cancellationToken) => target.Protocol switch
    {
        WireProtocol.MySql => _mySql.InspectAsync(target, database, cancellationToken),
        _ => _postgres.InspectAsync(target, database, cancellationToken),
    };
}
