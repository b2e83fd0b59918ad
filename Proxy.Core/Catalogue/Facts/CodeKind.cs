namespace Proxy.Core.Catalogue.Facts;

/// <summary>What a <see cref="CodeFact"/> is about.</summary>
public enum CodeKind : byte
{
    Unknown = 0,
    Function,
    Operator,
    Type,
}
