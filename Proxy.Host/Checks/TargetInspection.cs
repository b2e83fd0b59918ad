using Proxy.Core.Catalogue;
using Proxy.Host.Configuration;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Configuration.Yaml;

namespace Proxy.Host.Checks;

/// <summary>What looking at a target gave.</summary>
/// <param name="Findings">What is wrong with it, or why it could not be looked at.</param>
/// <param name="WasReached">Whether every database answered: without that it cannot be known what does not exist.</param>
public sealed record TargetInspection(CheckFindings Findings, bool WasReached)
{
    public static async Task<TargetInspection> RunAsync(
        TargetOptions target, ColumnClassification classification, YamlDocument document, ITargetInspector inspector, CancellationToken cancellationToken)
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
        return errors.Count > 0
            ? new TargetInspection(new CheckFindings([.. errors], []), WasReached: false)
            : new TargetInspection(new TargetChecker(target, classification, document).Check(databases), WasReached: true);
    }
}
