using System.Collections.Immutable;
using System.Text;

namespace Proxy.Core.Masking;

/// <summary>What the redaction of a type is made of where the catalogue decides it. Immutable; plans share it.</summary>
public sealed class TypeConstant
{
    private readonly byte[] _label;

    private TypeConstant(byte[] label, ImmutableArray<CompositeField> fields)
    {
        _label = label;
        Fields = fields;
    }

    /// <summary>For an enum: a label that stands for every label.</summary>
    public ReadOnlySpan<byte> Label => _label;

    /// <summary>For a composite.</summary>
    public ImmutableArray<CompositeField> Fields { get; }

    public static TypeConstant OfLabel(string label) => new(Encoding.UTF8.GetBytes(label), []);

    public static TypeConstant OfFields(ImmutableArray<CompositeField> fields) => new([], fields);

    public override string ToString() => Fields.IsEmpty ? "enum" : $"composite of {Fields.Length} fields";
}
