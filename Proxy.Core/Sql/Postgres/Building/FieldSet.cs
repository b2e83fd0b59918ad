using System.Runtime.CompilerServices;
using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres.Building;

/// <summary>The fields of one node type that a builder takes into account. A node in any other field makes its parent opaque.</summary>
internal readonly struct FieldSet
{
    private const int Fields = 256;

    private readonly FieldBits _bits;

    public FieldSet(params ReadOnlySpan<TreeField> fields)
    {
        foreach (TreeField field in fields) _bits[(int)field] = true;
    }

    public bool Contains(TreeField field) => _bits[(int)field];

    [InlineArray(Fields)]
    private struct FieldBits
    {
        private bool _first;
    }
}
