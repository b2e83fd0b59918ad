namespace Proxy.Host.Configuration.Gateway;

/// <summary>Somebody who gets the readable part of every record. Exactly one of <see cref="Syslog"/> and <see cref="Ocsf"/> is set.</summary>
public sealed record StreamOptions
{
    /// <summary>Names the file with the position.</summary>
    public required string Name { get; init; }
    public SyslogOptions? Syslog { get; init; }
    public OcsfOptions? Ocsf { get; init; }

    /// <summary>How many records are sent before an acknowledgement is waited for.</summary>
    public int BatchRecordsMax { get; init; } = 200;
}
