using System.Globalization;

namespace Proxy.Protocols;

/// <summary>
/// What somebody who was turned away had named as the database, as the record has it. It can be anything: also a token, where somebody has put it into the wrong
/// field of a connection string, or gave it as the user, whom drivers name as the database, too.
/// </summary>
public static class AskedTarget
{
    /// <summary><c>target/database</c>, each of as many characters as servers let a name have; every token is longer.</summary>
    public const int CharsMax = 129;

    public static string ForRecord(string? name) => name is null or { Length: <= CharsMax }
        ? name ?? ""
        : string.Create(CultureInfo.InvariantCulture, $"({name.Length} characters, which are no name)");
}
