using System.CommandLine;
using Proxy.Core.Journal.Sealing;
using Proxy.Host.Configuration;
using Proxy.Host.Evidence;

namespace Proxy.Host.Commands.Audit;

/// <summary>What the audit commands have in common: which journal, with which keys, and that reading it is recorded.</summary>
internal sealed class JournalArguments
{
    private readonly Argument<string> _directory = new("directory") { Description = "The journal's directory", HelpName = "DIR" };
    private readonly Option<string?> _keys = new("--keys") { Description = "The directory of the journal's keys (default: DIR-keys)", HelpName = "DIR" };

    private readonly Option<string?> _config = new("--config")
    {
        Description = "The gateway's configuration, which says where the keys are: in AWS KMS, or another directory",
        HelpName = "DIR",
    };

    private readonly Option<bool> _unrecorded = new("--unrecorded")
    {
        Description = "Do not record that the audit was read: for a copy, by somebody who has no signing key",
    };

    public void AddTo(Command command, bool isRecorded = true)
    {
        command.Arguments.Insert(0, _directory);
        command.Options.Add(_keys);
        command.Options.Add(_config);
        if (isRecorded) command.Options.Add(_unrecorded);
    }

    public string DirectoryOf(ParseResult arguments) => arguments.GetRequiredValue(_directory);

    /// <exception cref="JournalKeyException">The configuration does not say where they are.</exception>
    public async Task<JournalKeys> OpenKeysAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(_config) is not { } configuration)
            return JournalKeys.In(arguments.GetValue(_keys) ?? JournalKeyDirectory.DefaultFor(DirectoryOf(arguments)));
        try
        {
            return JournalKeys.Of((await ConfigurationLoader.LoadAsync(configuration, cancellationToken)).Gateway.Journal);
        }
        catch (ConfigurationException invalid)
        {
            throw new JournalKeyException($"the configuration in {configuration} cannot be used: {invalid.Message}", invalid);
        }
    }

    /// <summary>The keys of all segments.</summary>
    /// <exception cref="JournalKeyException">A key is missing or foreign.</exception>
    public async Task<SegmentKeyRing> LoadKeysAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var keys = await OpenKeysAsync(arguments, cancellationToken);
        return await SegmentKeyRing.LoadAsync(DirectoryOf(arguments), keys.OpenSealing(), cancellationToken);
    }

    /// <summary>Before anything is shown.</summary>
    /// <exception cref="IOException">It could not be recorded.</exception>
    public async Task RecordAsync(ParseResult arguments, bool isUnsealed, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(_unrecorded)) return;
        var asked = string.Join(' ', arguments.Tokens.Select(token => token.Value));
        using var keys = await OpenKeysAsync(arguments, cancellationToken);
        await AuditReads.RecordAsync(
            DirectoryOf(arguments), keys, arguments.CommandResult.Command.Name, asked, isUnsealed, TimeProvider.System, cancellationToken);
    }

    /// <summary>Runs a command; what files and keys refuse is one line and a failure.</summary>
    public void SetAction(Command command, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var console = arguments.InvocationConfiguration;
            if (!Directory.Exists(DirectoryOf(arguments)))
            {
                await console.Error.WriteLineAsync($"there is no directory {DirectoryOf(arguments)}");
                return ExitCode.Failure;
            }
            try
            {
                return await action(arguments, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await console.Error.WriteLineAsync(exception.Message);
                return ExitCode.Failure;
            }
        });
}
