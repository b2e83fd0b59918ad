using System.Security.Cryptography;
using System.Text;
using Proxy.Core.Catalogue;

namespace Proxy.Host.Catalogue;

/// <summary>A function as read, with what only its hash needs.</summary>
/// <param name="Library">Of a function in C: where its code is.</param>
/// <param name="Defaults">The expressions of its arguments' defaults.</param>
/// <param name="ResultType">As format_type prints it.</param>
internal readonly record struct ReadFunction(CatalogueFunction Function, string? Library, string? Defaults, string ResultType)
{
    /// <summary>The function with its hash.</summary>
    /// <param name="standardBodies">What the server prints of bodies that it keeps as trees; a tree that it did not print leaves the body unknown.</param>
    /// <param name="hasTree">Whether it is one of those.</param>
    public CatalogueFunction Complete(IReadOnlyDictionary<uint, string> standardBodies, bool hasTree)
    {
        var body = !hasTree ? Function.Body : standardBodies.TryGetValue(Function.Oid, out var printed) && printed.Length <= CatalogueFunction.BodyCharsMax ? printed : null;
        var function = Function with { Body = body, IsStandardBody = hasTree };
        // An aggregate is made of other functions, whose bodies it does not show.
        return body is null || function.Kind is FunctionKind.Aggregate or FunctionKind.Unknown ? function : function with { BodyHash = HashOf(function, body) };
    }

    /// <summary>One part a line; lengths go first, so that no two functions have the same text.</summary>
    private string HashOf(CatalogueFunction function, string body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, function.Language);
        Append(hash, function.Kind.ToString());
        foreach (var argument in function.Arguments)
            Append(hash, $"{argument.Name} {argument.Mode} {argument.TypeName}");
        Append(hash, Defaults ?? "");
        Append(hash, $"{(function.ReturnsSet ? "setof " : "")}{ResultType}");
        Append(hash, $"{function.Volatility} {(function.IsStrict ? "strict" : "")} {(function.IsSecurityDefiner ? "definer" : "")}");
        foreach (var setting in function.Settings)
            Append(hash, setting);
        Append(hash, Library ?? "");
        Append(hash, body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string part)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(part)}:"));
        hash.AppendData(Encoding.UTF8.GetBytes(part));
        hash.AppendData("\n"u8);
    }
}
