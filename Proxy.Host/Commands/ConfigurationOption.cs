using System.CommandLine;
using Proxy.Host.Configuration;

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

    /// <summary>The configuration, or null after its errors were written to standard error.</summary>
    public static async Task<ConfigurationSnapshot?> LoadAsync(string directory, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        try
        {
            return await ConfigurationLoader.LoadAsync(directory, cancellationToken);
        }
        catch (ConfigurationException exception)
        {
            foreach (var error in exception.Errors)
                await console.Error.WriteLineAsync($"{error.File}:{error.Line}:{error.Column}: error: {error.Message}");
            return null;
        }
    }
}
