using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Explaining;

/// <summary>
/// Prints a common tree, one line for each node. By reflection: a node that is added later is printed, too. Texts of literals are the client's own
/// knowledge and may be PHI: they are left out.
/// </summary>
internal static class SyntaxOutline
{
    /// <summary>Lines beyond say no more to people.</summary>
    private const int LinesMax = 400;

    private const int DepthMax = 60;

    public static ImmutableArray<string> Of(SyntaxNode? root)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        if (root is not null)
            Add(root, "", 0, lines);
        return lines.ToImmutable();
    }

    private static void Add(SyntaxNode node, string role, int depth, ImmutableArray<string>.Builder lines)
    {
        if (lines.Count > LinesMax)
            return;
        if (lines.Count == LinesMax || depth > DepthMax)
        {
            lines.Add($"{Indent(depth)}…");
            return;
        }
        var line = new StringBuilder(Indent(depth)).Append(role).Append(node.GetType().Name);
        var children = new List<(string Role, SyntaxNode Node)>();
        foreach (var property in node.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.Name is nameof(SyntaxNode.Position) || SaysValues(node, property.Name))
                continue;
            switch (property.GetValue(node))
            {
                case null or false:
                    break;
                case true:
                    line.Append(' ').Append(property.Name);
                    break;
                case SyntaxNode child:
                    children.Add(($"{property.Name}: ", child));
                    break;
                case string or QualifiedName or Enum or int:
                    line.Append(' ').Append(property.GetValue(node));
                    break;
                case IEnumerable items when property.GetValue(node) is not IStructuralEquatable { } array || IsFilled(array):
                    AddItems(property.Name, items, line, children);
                    break;
                default:
                    break;
            }
        }
        lines.Add(line.ToString());
        foreach (var (childRole, child) in children)
            Add(child, childRole, depth + 1, lines);
    }

    /// <summary>What constants say, and in MySQL the names of columns that are made of them.</summary>
    private static bool SaysValues(SyntaxNode node, string property) => (node, property) is
        (Literal, nameof(Literal.Value) or nameof(Literal.IsInteger) or nameof(Literal.IsNull)) or (Target, nameof(Target.DefaultName)) or (ValuesQuery, nameof(ValuesQuery.ColumnNames));

    /// <summary>A default immutable array throws when it is asked for its items.</summary>
    private static bool IsFilled(IStructuralEquatable array) =>
        array.GetType().GetProperty("IsDefault")?.GetValue(array) is not true;

    private static void AddItems(string name, IEnumerable items, StringBuilder line, List<(string Role, SyntaxNode Node)> children)
    {
        var words = new List<string>();
        foreach (var item in items)
            if (item is SyntaxNode child)
                children.Add(($"{name}: ", child));
            else if (item is not null)
                words.Add(item.ToString() ?? "");
        if (words.Count > 0)
            line.Append(' ').AppendJoin(name is "Parts" ? '.' : ',', words);
    }

    private static string Indent(int depth) => new(' ', 2 * depth);
}
