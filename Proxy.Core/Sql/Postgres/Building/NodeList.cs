using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>Lists: the children of a node that bear the same field.</summary>
internal static class NodeList
{
    public static ImmutableArray<T> Build<T>(ref BuildContext context, int parent, TreeField field, NodeBuilder<T> build)
    {
        int first = context.Child(parent, field);
        if (first < 0) return [];
        var items = new T[Count(context, parent, first, field)];
        int child = first;
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = build(ref context, child);
            child = context.Next(parent, context.Tree[child].End, field);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    /// <summary>A list of names, written as String nodes.</summary>
    public static ImmutableArray<string> Names(ref BuildContext context, int parent, TreeField field) =>
        Build(ref context, parent, field, static (ref context, index) => context.Text.StringValue(index));

    private static int Count(in BuildContext context, int parent, int first, TreeField field)
    {
        int count = 0;
        for (int child = first; child >= 0; child = context.Next(parent, context.Tree[child].End, field)) count++;
        return count;
    }
}
