using Proxy.Host.Configuration;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Configuration.Yaml;

namespace Proxy.Host.Checks;

/// <summary>Everything that can be known before the gateway runs: the files, what they name, and, when asked, the targets themselves.</summary>
public sealed class ConfigurationCheck(TimeProvider time, ITargetInspector? inspector)
{
    public async Task<CheckFindings> RunAsync(string directory, CancellationToken cancellationToken)
    {
        var reading = await ConfigurationLoader.ReadAsync(directory, cancellationToken);
        if (reading.Snapshot is not { } snapshot || reading.GatewayDocument is not { } document)
            return new CheckFindings(reading.Errors, []);
        var findings = await new FileChecker(snapshot, document, time).CheckAsync(cancellationToken);
        if (inspector is null)
            return findings;
        foreach (var target in snapshot.Targets.Values.OrderBy(target => target.Name, StringComparer.Ordinal))
            findings = findings.And(await InspectAsync(target, snapshot, document, inspector, cancellationToken));
        return findings;
    }

    private static async Task<CheckFindings> InspectAsync(
        TargetOptions target, ConfigurationSnapshot snapshot, YamlDocument document, ITargetInspector inspector, CancellationToken cancellationToken)
    {
        var databases = new Dictionary<string, TargetFacts>();
        var errors = new List<ConfigurationError>();
        foreach (var database in target.Databases)
            try
            {
                databases[database] = await inspector.InspectAsync(target, database, cancellationToken);
            }
            catch (TargetUnreachableException exception)
            {
                errors.Add(document.ErrorAt(
                    YamlDocument.PathOf("targets", target.Name, "address"), $"database {database} of {target.Address} cannot be read: {exception.Message}"));
            }
        // Without every database it cannot be known what does not exist.
        return errors.Count > 0
            ? new CheckFindings([.. errors], [])
            : new TargetChecker(target, snapshot.Classification[target.Name], document).Check(databases);
    }
}
