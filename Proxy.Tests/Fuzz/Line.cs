namespace Proxy.Tests.Fuzz;

/// <summary>One message of a <see cref="Conversation"/>.</summary>
public sealed record Line(bool IsRequest, byte Type, byte[] Body)
{
    public override string ToString() => $"{(IsRequest ? '>' : '<')} {new Support.WireFrame((char)Type, Body)}";
}
