using Proxy.Core.Masking;

namespace Proxy.Core.Journal.Subjects;

/// <summary>A column of a result that says whose row it is.</summary>
/// <param name="Column">Its place in the row, from 0.</param>
/// <param name="Kind">The place of its kind in <see cref="SubjectPlan.Kinds"/>.</param>
/// <param name="Type">How its values are written.</param>
/// <param name="IsBinary">Whether the server sends it in binary.</param>
public readonly record struct SubjectColumn(int Column, int Kind, MaskType Type, bool IsBinary);
