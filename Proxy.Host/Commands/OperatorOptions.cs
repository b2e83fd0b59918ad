using System.CommandLine;
using System.Text.Json.Nodes;
using Proxy.Host.Configuration;
using Proxy.Host.Configuration.Yaml;
using Proxy.Host.Tools;

namespace Proxy.Host.Commands;

/// <summary>Which gateway of this machine an operator means: by its configuration, or by its socket.</summary>
internal static class OperatorOptions
{
    public static readonly Option<string?> Configuration = new("--config") { Description = "The gateway's configuration directory", HelpName = "DIR" };
    public static readonly Option<string?> Socket = new("--socket") { Description = "The gateway's socket (admin.socket), instead of --config", HelpName = "FILE" };

    public static async Task<OperatorClient> ClientAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(Socket) is { } path)
            return new OperatorClient(path);
        var directory = arguments.GetValue(Configuration) ?? throw new ToolException("which gateway? Give --config or --socket");
        return new OperatorClient(await SocketOfAsync(directory, cancellationToken)
            ?? throw new ToolException($"{directory} does not say where the socket is: run phigate check, or give --socket"));
    }

    /// <summary>
    /// Where gateway.yaml says that the socket is; nothing else of the configuration is looked at. Whoever revokes is in a hurry: checking all of it takes longer than
    /// the revocation, and a mistake in a rule must not hinder one.
    /// </summary>
    private static async Task<string?> SocketOfAsync(string directory, CancellationToken cancellationToken)
    {
        directory = Path.GetFullPath(directory);
        try
        {
            var text = await File.ReadAllTextAsync(Path.Combine(directory, ConfigurationFiles.Gateway), cancellationToken);
            var root = YamlDocumentReader.Read(ConfigurationFiles.Gateway, text, [])?.Root as JsonObject;
            var (admin, journal) = (root?["admin"] as JsonObject, root?["journal"] as JsonObject);
            return TextOf(admin, "socket") is { } socket ? Path.Combine(directory, socket)
                : TextOf(journal, "directory") is { } place ? Path.Combine(directory, place, "phigate.sock")
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonObject? section, string name) =>
        section?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
