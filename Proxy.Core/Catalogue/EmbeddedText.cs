namespace Proxy.Core.Catalogue;

/// <summary>The lists that ship inside the assembly.</summary>
internal static class EmbeddedText
{
    public static StreamReader Open(string name) =>
        new(typeof(EmbeddedText).Assembly.GetManifestResourceStream($"Proxy.Core.Catalogue.{name}")
            ?? throw new InvalidDataException($"{name} is not in the assembly"));
}
