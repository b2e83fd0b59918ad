using System.Net;
using Microsoft.Extensions.Logging;

namespace Proxy.Host.ControlPlane;

/// <summary>How the control plane's process runs.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>Where health and metrics are served; without authentication, so a loopback or otherwise private address.</summary>
    public required IPEndPoint HttpEndPoint { get; init; }

    /// <summary>The Unix socket of the operator's commands; null: there is none.</summary>
    public string? OperatorSocketPath { get; init; }

    /// <summary>The HTTPS endpoint that trades tokens for credentials; null: there is none.</summary>
    public CredentialServerOptions? Credentials { get; init; }

    /// <summary>Starts what follows the journal, and is disposed with this process; null: nothing does.</summary>
    public Func<ILogger, Task<IAsyncDisposable>>? FollowJournal { get; init; }

    /// <summary>The command line of the data plane, after the program's name: the hidden command and its configuration. The socket's option is appended.</summary>
    public required IReadOnlyList<string> DataPlaneArguments { get; init; }

    /// <summary>The option by which the data plane is told its socket.</summary>
    public string ControlSocketOption { get; init; } = "--control-socket";

    /// <summary>The program to start; null: this one again.</summary>
    public string? Program { get; init; }

    /// <summary>How long sessions may take to finish after the first SIGTERM.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Is told where HTTP is served, with the port that was taken.</summary>
    public Action<Uri>? OnListening { get; init; }
}
