namespace Proxy.Core.Masking;

/// <summary>A column of which each row's value is looked at: because it is masked, or because it says whose row it is.</summary>
/// <param name="Column">Its place in the row, from 0.</param>
/// <param name="Skipped">Columns before it that nobody asks for, behind the one asked for before.</param>
/// <param name="FieldBytes">What the field has that stands in place of a value, length and all; 0 where the value is shown.</param>
public readonly record struct AskedColumn(int Column, int Skipped, int FieldBytes);
