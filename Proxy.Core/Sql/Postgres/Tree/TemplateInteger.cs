namespace Proxy.Core.Sql.Postgres.Tree;

/// <summary>An integer of a text, and where a tree has its value.</summary>
/// <param name="Start">In bytes of the text; at its first digit.</param>
/// <param name="Digits">How many; the first is not 0.</param>
/// <param name="Entry">The Number with its value.</param>
internal readonly record struct TemplateInteger(int Start, int Digits, int Entry);
