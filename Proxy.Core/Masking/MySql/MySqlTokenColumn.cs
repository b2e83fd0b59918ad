namespace Proxy.Core.Masking.MySql;

/// <summary>A column whose values get text tokens of one length, which can be made several at a time.</summary>
/// <param name="Column">Its place in the row, from 0.</param>
/// <param name="Mask">What <see cref="TextTokenBatch.Makes"/> is true of.</param>
public readonly record struct MySqlTokenColumn(int Column, ColumnMask Mask);
