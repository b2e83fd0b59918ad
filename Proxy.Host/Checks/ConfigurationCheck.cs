using Proxy.Host.Configuration;

namespace Proxy.Host.Checks;

/// <summary>Everything that can be known before the gateway runs: the files, what they name, and, when asked, the targets themselves.</summary>
public sealed class ConfigurationCheck(TimeProvider time, ITargetInspector? inspector)
{
    public async Task<CheckFindings> RunAsync(string directory, CancellationToken cancellationToken) =>
        (await LoadAsync(directory, cancellationToken)).Findings;

    /// <summary>The configuration together with what was found, for whoever goes on to run it.</summary>
    public async Task<CheckedConfiguration> LoadAsync(string directory, CancellationToken cancellationToken)
    {
        var reading = await ConfigurationLoader.ReadAsync(directory, cancellationToken);
        if (reading.Snapshot is not { } snapshot || reading.GatewayDocument is not { } document)
            return new CheckedConfiguration(null, null, new CheckFindings(reading.Errors, []));
        var findings = await new FileChecker(snapshot, document, time).CheckAsync(cancellationToken);
        if (inspector is not null)
            foreach (var target in snapshot.Targets.Values.OrderBy(target => target.Name, StringComparer.Ordinal))
                findings = findings.And(
                    (await TargetInspection.RunAsync(target, snapshot.Classification[target.Name], document, inspector, cancellationToken)).Findings);
        return new CheckedConfiguration(snapshot, document, findings);
    }
}
