using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Proxy.Host.Identity.Credentials;

namespace Proxy.Host.Tools;

/// <summary>Runs a command with a credential in its environment: as libpq and every driver built on its variables read it, or MySQL's programs.</summary>
internal static class ConnectedCommand
{
    /// <returns>The command's exit code; 128 and the signal when one ended it, as a shell says it.</returns>
    /// <exception cref="ToolException">The command cannot be started.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> command, CredentialReply credential, string? authorityFile)
    {
        using var options = credential.Protocol is CredentialReply.MySql ? await MySqlOptionFile.WriteAsync(credential, authorityFile) : null;
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        foreach (var (name, value) in options is null ? Variables(credential, authorityFile) : MySqlVariables(credential, authorityFile, options))
            start.Environment[name] = value;
        // A terminal sends these to the command as well. We have to outlive it, to give the credential back.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, static context => context.Cancel = true);
        try
        {
            using var process = Process.Start(start) ?? throw new ToolException($"{command[0]} was not started");
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                PassOnTerminate(process.Id);
            });
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (Win32Exception exception)
        {
            throw new ToolException($"{command[0]} cannot be started: {exception.Message}", exception);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Variables(CredentialReply credential, string? authorityFile)
    {
        yield return new("PGHOST", credential.Host);
        yield return new("PGPORT", credential.Port.ToString(CultureInfo.InvariantCulture));
        yield return new("PGUSER", credential.User);
        yield return new("PGPASSWORD", credential.RevealPassword());
        yield return new("PGDATABASE", credential.Database);
        yield return new("PGSSLMODE", "verify-full");
        if (authorityFile is not null)
            yield return new("PGSSLROOTCERT", Path.GetFullPath(authorityFile));
    }

    /// <summary>MYSQL_HOME is read by the programs themselves, MARIADB_HOME before it; the others are for scripts: drivers of MySQL read no variables.</summary>
    private static IEnumerable<KeyValuePair<string, string>> MySqlVariables(CredentialReply credential, string? authorityFile, MySqlOptionFile options)
    {
        yield return new("MYSQL_HOME", options.Directory);
        yield return new("MARIADB_HOME", options.Directory);
        yield return new("MYSQL_HOST", credential.Host);
        yield return new("MYSQL_TCP_PORT", credential.Port.ToString(CultureInfo.InvariantCulture));
        yield return new("MYSQL_USER", credential.User);
        yield return new("MYSQL_PWD", credential.RevealPassword());
        yield return new("MYSQL_DATABASE", credential.Database);
        if (authorityFile is not null)
            yield return new("MYSQL_SSL_CA", Path.GetFullPath(authorityFile));
    }

    private static void PassOnTerminate(int processId)
    {
        var kill = new ProcessStartInfo("kill", ["-TERM", processId.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false };
        using var started = Process.Start(kill);
    }
}
