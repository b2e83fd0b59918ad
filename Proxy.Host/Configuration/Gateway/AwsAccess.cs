namespace Proxy.Host.Configuration.Gateway;

/// <summary>Which AWS is asked, and as whom.</summary>
public abstract record AwsAccess
{
    /// <summary>Null: the SDK's default.</summary>
    public string? Region { get; init; }

    /// <summary>Instead of the region's own endpoint.</summary>
    public Uri? ServiceUrl { get; init; }

    /// <summary>A profile of the AWS configuration files; null: where the SDK finds credentials (IRSA, Pod Identity, ECS, EC2, environment).</summary>
    public string? Profile { get; init; }
}
