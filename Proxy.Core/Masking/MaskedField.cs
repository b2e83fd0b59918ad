namespace Proxy.Core.Masking;

/// <summary>What stands in place of a column's values.</summary>
/// <param name="Column">Its place in the row, from 0.</param>
/// <param name="Place">In <see cref="MaskedRowShape.Asked"/>.</param>
/// <param name="Constant">
/// The field of all its values (<see cref="MaskPlan.RedactedFieldOf"/>), in an array that has <see cref="MaskedRowShape.ChunkBytes"/> at least; null where each has a token.
/// </param>
/// <param name="Length">Bytes of the field.</param>
public readonly record struct MaskedField(int Column, int Place, byte[]? Constant, int Length);
