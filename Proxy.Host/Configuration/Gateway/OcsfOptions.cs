namespace Proxy.Host.Configuration.Gateway;

/// <summary>A receiver of OCSF events, as an array in JSON by POST.</summary>
public sealed record OcsfOptions
{
    public required Uri Url { get; init; }

    /// <summary>Authorities of its certificate, instead of the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>A bearer token.</summary>
    public CredentialOptions? Token { get; init; }

    /// <summary>http instead of https.</summary>
    public bool IAcceptPlaintext { get; init; }
}
