using Proxy.Core.Masking;

namespace Proxy.Protocols.MySql;

/// <summary>A column whose values are not shown, and what stands in their place.</summary>
/// <param name="Column">Its place in the row, from 0.</param>
/// <param name="Place">In <see cref="MySqlRowShape.Asked"/>.</param>
/// <param name="Constant">The same for all its values, as it stands in a row, in an array of a chunk at least; null where each has its own.</param>
/// <param name="Length">Bytes of the constant; -1: it is NULL, which is no bytes but a bit.</param>
/// <param name="Token">By which its tokens are made several at a time; null where each mask is made by itself.</param>
internal readonly record struct MaskedColumn(int Column, int Place, byte[]? Constant, int Length, ColumnMask? Token);
