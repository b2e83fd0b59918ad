using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Proxy.Host.Configuration.Gateway;
using Proxy.Protocols;
using Proxy.Protocols.Secrets;

namespace Proxy.Host.ServerCredentials;

/// <summary>
/// Runs a program that prints <c>{"user": …, "password": …, "expires_at": …}</c>. It gets no shell, no terminal, little of our environment, and so
/// much time and output; what it writes to standard error is dropped unread, since nobody knows what is in it.
/// </summary>
internal sealed class CommandCredentialSource(CommandCredentialOptions options, CredentialPurpose purpose, TimeProvider time) : IServerCredentialSource
{
    public const int OutputBytesMax = 64 * 1024;

    private static readonly string[] Passed = ["PATH", "HOME", "LANG", "TZ"];

    public string Description => $"command {options.Run[0]}";

    public async Task<FetchedCredential> FetchAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(options.TimeoutSeconds));
        using var process = Start();
        var buffer = SecretBytes.New(OutputBytesMax + 1);
        try
        {
            process.StandardInput.Close();
            var drained = process.StandardError.BaseStream.CopyToAsync(Stream.Null, deadline.Token);
            var output = await ReadAsync(process.StandardOutput.BaseStream, buffer, deadline.Token);
            await drained;
            await process.WaitForExitAsync(deadline.Token);
            if (process.ExitCode != 0)
                throw Failed(string.Create(CultureInfo.InvariantCulture, $"it ended with exit code {process.ExitCode}"));
            return CredentialDocument.Read(output.Span, Description, time.GetUtcNow(), TimeSpan.FromSeconds(options.CacheSeconds));
        }
        catch (OperationCanceledException)
        {
            throw Failed(string.Create(CultureInfo.InvariantCulture, $"no answer within {options.TimeoutSeconds} seconds"));
        }
        finally
        {
            End(process);
            SecretBytes.Clear(buffer);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(options.Run[0], options.Run.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var name in Passed.Concat(options.Environment))
            if (Environment.GetEnvironmentVariable(name) is { } value)
                start.Environment[name] = value;
        start.Environment["PHIGATE_TARGET"] = purpose.Target;
        start.Environment["PHIGATE_HOST"] = purpose.Address.Host;
        start.Environment["PHIGATE_PORT"] = purpose.Address.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PHIGATE_DATABASE_USER"] = purpose.DatabaseUser;
        try
        {
            return Process.Start(start) ?? throw Failed("it could not be started");
        }
        catch (Win32Exception reason)
        {
            throw Failed($"it could not be started ({reason.Message})");
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(Stream output, byte[] buffer, CancellationToken cancellationToken)
    {
        var length = 0;
        while (length < buffer.Length && await output.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
            length += read;
        return length <= OutputBytesMax ? buffer.AsMemory(0, length) : throw Failed($"it printed more than {OutputBytesMax} bytes");
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    private ServerCredentialException Failed(string why) => new($"{Description}: {why}");
}
