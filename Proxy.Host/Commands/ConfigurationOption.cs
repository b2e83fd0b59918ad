using System.CommandLine;

namespace Proxy.Host.Commands;

/// <summary>The option that names the configuration directory.</summary>
internal static class ConfigurationOption
{
    public static Option<string> Create() => new("--config")
    {
        Description = "The directory with gateway.yaml, classification.yaml and rules.yaml",
        HelpName = "DIR",
        Required = true,
    };
}
