namespace Proxy.Core.Sql.Syntax;

/// <summary>A constant that the client wrote. What it says may be PHI that the client knows: it does not print.</summary>
public sealed class Literal : Expression
{
    private readonly string? _value;

    /// <summary>
    /// The value after unescaping, without quotes; null for NULL. In the place of a long one may be what equal values alone have in common. Whoever reads it concludes
    /// something for this text alone (<see cref="Open"/>); <see cref="IsNull"/> and <see cref="IsInteger"/> are the same for all texts of a form.
    /// </summary>
    public string? Value
    {
        get
        {
            Open?.Read();
            return _value;
        }
        init => _value = value;
    }

    public required LiteralKind Kind { get; init; }

    /// <summary>Where it is one of those integers that other texts of the form have other digits for: which; else null.</summary>
    public OpenIntegers? Open { get; init; }

    public bool IsNull => _value is null;

    /// <summary>Whether it is a number of digits and nothing else.</summary>
    public bool IsInteger => Kind is LiteralKind.Number && _value is { Length: > 0 } digits && !digits.AsSpan().ContainsAnyExceptInRange('0', '9');

    public override string ToString() => $"{Kind} literal";
}
