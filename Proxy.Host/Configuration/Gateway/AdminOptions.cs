namespace Proxy.Host.Configuration.Gateway;

/// <summary>Health and metrics over HTTP.</summary>
public sealed record AdminOptions
{
    public NetworkAddress Address { get; init; } = new("127.0.0.1", 9464);

    /// <summary>The Unix socket of <c>phigate revoke</c> and <c>phigate sessions</c>, for the user that runs the gateway and root; in the journal's directory after loading unless the file says otherwise.</summary>
    public string? Socket { get; init; }

    /// <summary>Whether the gateway's processes may be dumped, memory with PHI and all, by the kernel, by .NET and by debuggers of the same user.</summary>
    public bool AllowCoreDumps { get; init; }
}
