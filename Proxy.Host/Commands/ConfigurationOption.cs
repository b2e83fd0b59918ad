using System.CommandLine;
using Proxy.Host.Checks;
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

    /// <summary>
    /// The configuration as <c>phigate check</c> finds it good, or null; errors, and warnings when asked for, go to standard error. What check
    /// refuses must not run.
    /// </summary>
    public static async Task<CheckedConfiguration?> LoadAsync(
        string directory, InvocationConfiguration console, bool showsWarnings, CancellationToken cancellationToken)
    {
        var loaded = await new ConfigurationCheck(TimeProvider.System, inspector: null).LoadAsync(directory, cancellationToken);
        if (showsWarnings)
            foreach (var warning in loaded.Findings.Warnings)
                await console.Error.WriteLineAsync($"{warning.File}:{warning.Line}:{warning.Column}: warning: {warning.Message}");
        await WriteErrorsAsync(loaded.Findings.Errors, console);
        return loaded.Findings.Errors.Length > 0 ? null : loaded;
    }

    public static async Task WriteErrorsAsync(IEnumerable<ConfigurationError> errors, InvocationConfiguration console)
    {
        foreach (var error in errors)
            await console.Error.WriteLineAsync($"{error.File}:{error.Line}:{error.Column}: error: {error.Message}");
    }
}
