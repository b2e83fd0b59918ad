using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Proxy.Host.Commands;

/// <summary><c>phigate version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Print the version");
        command.SetAction(result =>
        {
            var version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            result.InvocationConfiguration.Output.WriteLine($"phigate {version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
            return ExitCode.Success;
        });
        return command;
    }
}
