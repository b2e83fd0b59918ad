namespace Proxy.Core.Sql.Postgres.Tree;

/// <summary>
/// Trees of texts that come again and again with other integers, from drivers that write values into the text: the grammar and its JSON are a third of what such a
/// text costs to be understood. Which texts are alike is guessed by a hash and decided by <see cref="TreeTemplate.Fits"/>. One for all readers, so that they agree on what form a text has; of 11 MB at
/// most. Thread-safe: of two readers that write at once, one counts.
/// </summary>
internal sealed class TreeTemplates
{
    private const int TextBytesMax = 2 * 1024;
    private const int JsonBytesMax = 16 * 1024;
    private const int EntriesMax = 1024;

    private readonly TreeTemplate?[] _templates = new TreeTemplate?[256];

    /// <summary>Shapes that have come before: what comes only once is not worth a template.</summary>
    private readonly ulong[] _seen = new ulong[1024];

    /// <summary>Null when there is none for this text.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="shape">For <see cref="Offer"/>.</param>
    public TreeTemplate? Find(ReadOnlySpan<byte> text, out ulong shape)
    {
        shape = 0;
        if (text.Length > TextBytesMax) return null;
        shape = ShapeOf(text);
        TreeTemplate? template = Volatile.Read(ref _templates[Slot(shape)]);
        return template is not null && template.Fits(text) ? template : null;
    }

    /// <summary>Keeps the tree if such a text has been offered before.</summary>
    /// <param name="text">For which there was no template.</param>
    /// <param name="shape">By <see cref="Find"/>.</param>
    /// <param name="json">Of the tree.</param>
    /// <param name="tree">Of the text.</param>
    public void Offer(ReadOnlySpan<byte> text, ulong shape, ReadOnlySpan<byte> json, ParseTree tree)
    {
        if (shape == 0 || json.Length > JsonBytesMax || tree.Entries.Length > EntriesMax) return;
        ref ulong seen = ref _seen[shape % (ulong)_seen.Length];
        if (seen == shape && TreeTemplate.Of(text, json, tree) is { } template) Volatile.Write(ref _templates[Slot(shape)], template);
        // Whatever becomes of it, the next one of this shape is only counted: texts that seem alike and are not must not cost a template each.
        seen = seen == shape ? 0 : shape;
    }

    private int Slot(ulong shape) => (int)((shape >> 8) % (ulong)_templates.Length);

    /// <summary>The same for texts that differ in digits, but for those that continue a name, a parameter or a decimal. Never 0.</summary>
    private static ulong ShapeOf(ReadOnlySpan<byte> text)
    {
        ulong hash = (ulong)text.Length + 1;
        bool isPartOfName = false;
        foreach (byte unit in text)
        {
            bool isDigit = (uint)(unit - '0') <= 9;
            hash = (hash ^ (isDigit && !isPartOfName ? (byte)'0' : unit)) * 0x9E37_79B9_7F4A_7C15;
            if (!isDigit) isPartOfName = (uint)((unit | 0x20) - 'a') <= 25 || unit is (byte)'_' or (byte)'$' or (byte)'.' or >= 0x80;
        }

        return (hash ^ (hash >> 29)) | 1;
    }
}
