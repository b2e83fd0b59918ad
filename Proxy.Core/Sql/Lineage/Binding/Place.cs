using System.Collections.Immutable;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.Lineage.Binding;

/// <summary>Where an expression stands: what names, common tables and windows it can refer to.</summary>
internal sealed record Place(Scope? Scope, CommonTables? Tables, ImmutableArray<Window> Windows = default)
{
    public static Place Nowhere { get; } = new(null, null);

    public Window? Window(string name)
    {
        if (Windows.IsDefaultOrEmpty)
            return null;
        foreach (var window in Windows)
            if (string.Equals(window.Name, name, StringComparison.Ordinal))
                return window;
        return null;
    }
}
