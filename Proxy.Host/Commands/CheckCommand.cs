using System.CommandLine;
using Proxy.Host.Checks;

namespace Proxy.Host.Commands;

/// <summary><c>phigate check</c>: every mistake at once, before <c>phigate run</c> would refuse to start on it.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var configuration = ConfigurationOption.Create();
        var connect = new Option<bool>("--connect") { Description = "Also connect to every target and compare it with the configuration" };
        var command = new Command("check", "Check a configuration directory (exit code 2 when it has errors)") { configuration, connect };
        command.SetAction((result, cancellationToken) =>
            RunAsync(result.GetRequiredValue(configuration), result.GetValue(connect), result.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string directory, bool connects, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        var check = new ConfigurationCheck(TimeProvider.System, connects ? new TargetInspector(TimeProvider.System) : null);
        var findings = await check.RunAsync(directory, cancellationToken);
        foreach (var warning in findings.Warnings)
            await console.Error.WriteLineAsync($"{warning.File}:{warning.Line}:{warning.Column}: warning: {warning.Message}");
        foreach (var error in findings.Errors)
            await console.Error.WriteLineAsync($"{error.File}:{error.Line}:{error.Column}: error: {error.Message}");
        if (findings.Errors.Length > 0)
        {
            await console.Error.WriteLineAsync($"{findings.Errors.Length} error(s) in {directory}");
            return ExitCode.ConfigurationInvalid;
        }
        await console.Output.WriteLineAsync($"{directory} is good{(connects ? ", and so are its targets" : "; --connect also checks its targets")}");
        return ExitCode.Success;
    }
}
