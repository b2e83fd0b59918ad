namespace Proxy.Core.Policy.MaskedValues;

/// <summary>What becomes of a bound parameter. Zero refuses.</summary>
public enum ParameterOutcome : byte
{
    Refused = 0,

    /// <summary>It goes on as it came.</summary>
    Passed,

    /// <summary>Tokens in it stand for values that go on in their place.</summary>
    Translated,
}
