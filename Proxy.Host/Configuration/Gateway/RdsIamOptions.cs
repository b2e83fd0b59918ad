namespace Proxy.Host.Configuration.Gateway;

/// <summary>RDS IAM authentication: the password is a token that PhiGate signs with its own AWS credentials.</summary>
public sealed record RdsIamOptions
{
    /// <summary>Null: the region in the endpoint's name.</summary>
    public string? Region { get; init; }

    /// <summary>The instance's or cluster's own endpoint, where the target's address is another name for it (a CNAME, a tunnel).</summary>
    public NetworkAddress? Endpoint { get; init; }

    /// <summary>A profile of the AWS configuration files; null: where the SDK finds credentials (IRSA, Pod Identity, ECS, EC2, environment).</summary>
    public string? Profile { get; init; }
}
