using System.Buffers.Text;
using System.Collections.Immutable;

namespace Proxy.Core.Sql.Postgres.Tree;

/// <summary>
/// The tree of one text, as that of every other text which differs from it in nothing but digits of integer constants.
/// <para>
/// An integer is one token (ICONST of scan.l) whatever its digits are, so the grammar goes the same way; with as many digits, every location stays the same. What the
/// grammar makes of it is taken from this tree itself: digits may differ only where the tree has an A_Const at just this place with just this value, which excludes what stands
/// in quotes, names and comments, parameters, decimals, other bases, and integers that the grammar looks at or keeps elsewhere (the precision of FLOAT, a negated
/// constant, whose place is the sign's). Only queries and changes of rows: in other statements the grammar compares what it then leaves out (the arguments of an
/// ordered-set aggregate). A leading zero, and a number that does not fit in 32 bits, is no such place. Immutable.
/// </para>
/// </summary>
internal sealed class TreeTemplate
{
    /// <summary>More than this is no ICONST but an FCONST (process_integer_literal of scan.l).</summary>
    private static ReadOnlySpan<byte> Greatest => "2147483647"u8;

    private readonly object _form = new();
    private readonly byte[] _text;
    private readonly byte[] _json;
    private readonly TreeEntry[] _entries;
    private readonly ImmutableArray<TemplateInteger> _integers;

    private TreeTemplate(ReadOnlySpan<byte> text, ReadOnlySpan<byte> json, ReadOnlySpan<TreeEntry> entries, ImmutableArray<TemplateInteger> integers)
    {
        _text = text.ToArray();
        _json = json.ToArray();
        _entries = entries.ToArray();
        _integers = integers;
    }

    /// <summary>What the tree's texts refer to.</summary>
    public ReadOnlySpan<byte> Json => _json;

    /// <summary>Null when no digit of the text may differ.</summary>
    public static TreeTemplate? Of(ReadOnlySpan<byte> text, ReadOnlySpan<byte> json, ParseTree tree)
    {
        ReadOnlySpan<TreeEntry> entries = tree.Entries;
        for (int raw = 1; raw < entries.Length; raw = entries[raw].End)
        {
            if (entries[raw].Field == TreeField.Stmts && !IsQuery(tree, tree.Child(raw, TreeField.Stmt))) return null;
        }

        var integers = ImmutableArray.CreateBuilder<TemplateInteger>();
        for (int index = 0; index < entries.Length; index++)
        {
            if (entries[index].Type != TreeNodeType.AConst) continue;
            int start = entries[index].Value;
            int digits = start > 0 && start < text.Length ? DigitsAt(text, start) : 0;
            int integer = digits > 0 ? tree.Child(index, TreeField.Ival) : -1;
            int number = integer >= 0 ? tree.Child(integer, TreeField.Ival) : -1;
            if (number < 0 || entries[number].Type != TreeNodeType.Number || entries[number].Value != ValueOf(text, start, digits)) continue;
            integers.Add(new TemplateInteger(start, digits, number));
        }

        if (integers.Count == 0) return null;
        integers.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        return new TreeTemplate(text, json, entries, integers.DrainToImmutable());
    }

    /// <summary>Whether this is the tree of that text, but for the values of integers.</summary>
    public bool Fits(ReadOnlySpan<byte> text)
    {
        if (text.Length != _text.Length) return false;
        int at = 0;
        foreach (TemplateInteger integer in _integers)
        {
            int end = integer.Start + integer.Digits;
            if (end == at) continue; // The grammar has made two constants of one token.
            if (!text[at..integer.Start].SequenceEqual(_text.AsSpan(at, integer.Start - at)) || !IsToken(text[integer.Start..end])) return false;

            at = end;
        }

        return text[at..].SequenceEqual(_text.AsSpan(at));
    }

    /// <param name="text">One that fits.</param>
    /// <param name="tree">Becomes the tree of that text.</param>
    public void CopyTo(ParseTree tree, ReadOnlySpan<byte> text)
    {
        tree.Load(_entries, new OpenIntegers(_form));
        foreach (TemplateInteger integer in _integers)
        {
            tree.SetOpenNumber(integer.Entry, ValueOf(text, integer.Start, integer.Digits));
        }
    }

    /// <summary>The text is somebody's, with its constants.</summary>
    public override string ToString() => $"template with {_integers.Length} integers";

    private static bool IsQuery(ParseTree tree, int statement) => statement >= 0 && tree[statement].Type
        is TreeNodeType.SelectStmt or TreeNodeType.InsertStmt or TreeNodeType.UpdateStmt or TreeNodeType.DeleteStmt or TreeNodeType.MergeStmt;

    /// <summary>How many digits a whole integer has here; 0: this is none, or one that must stay as it is.</summary>
    private static int DigitsAt(ReadOnlySpan<byte> text, int start)
    {
        int digits = text[start..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits < 0) digits = text.Length - start;
        return digits > 0 && IsToken(text.Slice(start, digits)) && !char.IsAsciiDigit((char)text[start - 1]) ? digits : 0;
    }

    private static bool IsToken(ReadOnlySpan<byte> digits) =>
        digits[0] != (byte)'0' && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
        && (digits.Length < Greatest.Length || (digits.Length == Greatest.Length && digits.SequenceCompareTo(Greatest) <= 0));

    private static int ValueOf(ReadOnlySpan<byte> text, int start, int digits) =>
        Utf8Parser.TryParse(text.Slice(start, digits), out int value, out _) ? value : throw new InvalidOperationException("No integer");
}
