using NUnit.Framework;

namespace Proxy.Tests.Architecture;

/// <summary>Core knows no bytes, Protocols knows no sockets, and nothing points the other way.</summary>
public sealed class DependencyTests
{
    private static readonly string[] OnlyCore = ["Proxy.Core"];

    [Test]
    public void Core_refers_to_no_other_assembly_of_ours() =>
        Assert.That(OursReferencedBy("Proxy.Core"), Is.Empty);

    [Test]
    public void Protocols_refers_to_core_only() =>
        Assert.That(OursReferencedBy("Proxy.Protocols"), Is.EqualTo(OnlyCore));

    private static string[] OursReferencedBy(string assembly) =>
        [.. System.Reflection.Assembly.Load(assembly).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith("Proxy.", StringComparison.Ordinal) || name == "phigate")];
}
