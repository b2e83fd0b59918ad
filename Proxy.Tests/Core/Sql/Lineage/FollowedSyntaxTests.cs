using System.Reflection;
using NUnit.Framework;
using Proxy.Core.Sql.Lineage;
using Proxy.Core.Sql.Syntax;
using Proxy.Tests.Core.Catalogue;

namespace Proxy.Tests.Core.Sql.Lineage;

/// <summary>
/// Lineage looks into every part of the common tree. Whoever adds a node, or a property that holds nodes, and does not follow it, hears of it here: what
/// nobody follows would be shown, decided by or stored unseen.
/// </summary>
public sealed class FollowedSyntaxTests
{
    [TestCaseSource(nameof(Parts))]
    public void A_part_of_the_tree_is_followed(Type node, PropertyInfo part)
    {
        // A node that is not understood at all makes its statement opaque, and is named.
        var followed = SyntaxProbe.Variants(node, part).Any(static statement => Finds(statement, SyntaxProbe.Mark))
            || SyntaxProbe.Variants(node, part).All(statement => Finds(statement, $"({node.Name})"));

        Assert.That(followed, $"{node.Name}.{part.Name} is in no form of {node.Name} looked into");
    }

    [Test]
    public void There_is_much_to_follow() => Assert.That(Parts().Count(), Is.GreaterThan(80));

    /// <summary>What is not understood is not looked into, and says so.</summary>
    private static bool IsOpaque(Type type) => type == typeof(OpaqueExpression) || type == typeof(OpaqueQuery) || type == typeof(OpaqueSource);

    private static bool Finds(Statement statement, string text)
    {
        var lineage = LineageAnalyser.Analyse(statement, new LineageCatalogue(SmallCatalogue.Build()))!;
        return lineage.IsOpaque && lineage.Findings.Any(finding => finding.Contains(text, StringComparison.Ordinal));
    }

    private static IEnumerable<TestCaseData<Type, PropertyInfo>> Parts() =>
        from type in typeof(SyntaxNode).Assembly.GetTypes()
        where type.IsAssignableTo(typeof(SyntaxNode)) && !type.IsAbstract && !IsOpaque(type)
        from property in type.GetProperties()
        where SyntaxProbe.NodeOf(property.PropertyType) is { } part && SyntaxProbe.HoldsNodes(part)
        select new TestCaseData<Type, PropertyInfo>(type, property).SetArgDisplayNames($"{type.Name}.{property.Name}");
}
