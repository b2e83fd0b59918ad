namespace Proxy.Host.DataPlane;

/// <summary>Whether new sessions are welcome, and if not, why not: one sentence a reason, without values.</summary>
public sealed record DataPlaneReadiness(bool IsReady, IReadOnlyList<string> Reasons)
{
    public static DataPlaneReadiness Ready { get; } = new(true, []);

    public static DataPlaneReadiness NotReady(params string[] reasons) => new(false, reasons);
}
