using System.Text.Json;

namespace Proxy.Core.Sql.Postgres.Tree;

/// <summary>
/// The grammar's JSON as a flat array of entries, without an object per node. Built and walked by loops: depth costs no stack. One per reader,
/// used again for each text. It refers to the JSON, which must stay as it is while the tree is used.
/// </summary>
internal sealed class ParseTree
{
    /// <summary>Beyond this many entries a text is not worth its memory (24 bytes an entry).</summary>
    public const int EntriesMax = 4_000_000;

    /// <summary>An array that grew beyond this is given back after its text.</summary>
    private const int EntriesKept = 64 * 1024;

    private const int DepthMax = 1_000_000;

    private TreeEntry[] _entries = new TreeEntry[1024];
    private int[] _open = new int[64];
    private int _count;
    private int _depth;

    public ReadOnlySpan<TreeEntry> Entries => _entries.AsSpan(0, _count);

    public ref readonly TreeEntry this[int index] => ref _entries[index];

    /// <summary>False when the tree is larger than <see cref="EntriesMax"/>. Throws JsonException on what is not JSON.</summary>
    public bool TryBuild(ReadOnlySpan<byte> json)
    {
        _count = 0;
        _depth = 0;
        Open = null;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
        TreeField field = TreeField.Other;
        while (reader.Read())
        {
            if (_count >= EntriesMax) return false;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    field = TreeVocabulary.Field(reader.ValueSpan);
                    break;
                case JsonTokenType.StartObject:
                    OpenObject(ref reader, ref field);
                    break;
                case JsonTokenType.EndObject:
                    CloseObject(ref reader);
                    break;
                case JsonTokenType.StartArray:
                    OpenArray(field);
                    break;
                case JsonTokenType.EndArray:
                    _depth--;
                    break;
                default:
                    if (field == TreeField.Location) SetLocation(ref reader);
                    else if (field != TreeField.Other) AddScalar(ref reader, field);
                    break;
            }

            if (_depth > 0 && IsArray(_open[_depth - 1])) field = (TreeField)(~_open[_depth - 1] >> 1);
        }

        return true;
    }

    /// <summary>The integers that other texts of the same form have other digits for; null where no such texts are known.</summary>
    public OpenIntegers? Open { get; private set; }

    /// <summary>The entries of another tree.</summary>
    /// <param name="open">What is told when the value of one of its open integers is read.</param>
    public void Load(ReadOnlySpan<TreeEntry> entries, OpenIntegers open)
    {
        Open = open;
        if (_entries.Length < entries.Length) _entries = new TreeEntry[entries.Length];
        entries.CopyTo(_entries);
        _count = entries.Length;
    }

    /// <summary>Gives a Number a value of its own, which other texts of the form do not have.</summary>
    public void SetOpenNumber(int index, int value)
    {
        _entries[index].Value = value;
        _entries[index].IsOpen = true;
    }

    /// <summary>The value of a Number.</summary>
    public int Number(int index)
    {
        ref readonly TreeEntry entry = ref _entries[index];
        if (entry.IsOpen) Open!.Read();
        return entry.Value;
    }

    /// <summary>Gives back what an uncommonly large text made the tree grow to.</summary>
    public void Trim()
    {
        if (_entries.Length > EntriesKept) _entries = new TreeEntry[1024];
        if (_open.Length > EntriesKept) _open = new int[64];
        _count = 0;
    }

    /// <summary>The first child with this field, or -1.</summary>
    public int Child(int parent, TreeField field)
    {
        int end = _entries[parent].End;
        for (int child = parent + 1; child < end; child = _entries[child].End)
        {
            if (_entries[child].Field == field) return child;
        }

        return -1;
    }

    public bool Has(int parent, TreeField field) => Child(parent, field) >= 0;

    /// <summary>True when the field holds exactly this text.</summary>
    public bool Is(int parent, TreeField field, ReadOnlySpan<byte> json, ReadOnlySpan<byte> value)
    {
        int child = Child(parent, field);
        return child >= 0 && Raw(child, json).SequenceEqual(value);
    }

    /// <summary>The bytes of a text as JSON writes them; empty for other entries. Enumerators never have escapes.</summary>
    public ReadOnlySpan<byte> Raw(int index, ReadOnlySpan<byte> json)
    {
        ref readonly TreeEntry entry = ref _entries[index];
        return entry.Type is TreeNodeType.Text or TreeNodeType.Unrecognised ? json.Slice(entry.Value, entry.Length) : default;
    }

    // What is open is a stack: for an object its entry's index, its lowest bit set when the JSON wraps it in an object naming its type;
    // for an array the complement of its field, so that arrays are negative. An array has no entry: its elements bear its field.
    private static bool IsArray(int open) => open < 0;

    private void OpenArray(TreeField field) => Push(~((int)field << 1));

    private void OpenObject(ref Utf8JsonReader reader, ref TreeField field)
    {
        // Either {"SelectStmt": {…}}, a node that names its type, or the fields of a node whose place tells its type, or {} for none.
        long start = reader.TokenStartIndex;
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            AddEmpty(field);
            return;
        }

        ReadOnlySpan<byte> name = reader.ValueSpan;
        bool isWrapped = name[0] is >= (byte)'A' and <= (byte)'Z';
        TreeNodeType type = isWrapped ? TreeVocabulary.Node(name) : ImpliedType(field);
        int index = Add(type, field);
        if (type == TreeNodeType.Unrecognised)
        {
            _entries[index].Value = isWrapped ? (int)reader.TokenStartIndex + 1 : (int)start;
            _entries[index].Length = isWrapped ? name.Length : 0;
        }

        Push((index << 1) | (isWrapped ? 1 : 0));
        if (isWrapped)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
        }
        else
        {
            field = TreeVocabulary.Field(name);
        }
    }

    /// <summary>
    /// An empty object: a list's null, or a value that is zero, false or the empty string. Its type matters in a constant only, and there
    /// the field tells it. The one null that says something is DISTINCT without ON.
    /// </summary>
    private void AddEmpty(TreeField field)
    {
        if (field == TreeField.Other) return;
        TreeNodeType type = field == TreeField.DistinctClause ? TreeNodeType.List : ImpliedType(field);
        if (type != TreeNodeType.Unrecognised) Add(type, field);
    }

    private TreeNodeType ImpliedType(TreeField field)
    {
        if (_depth > 0 && IsArray(_open[_depth - 1])) return field == TreeField.Stmts ? TreeNodeType.RawStmt : TreeNodeType.Unrecognised;
        if (_depth == 0) return TreeNodeType.List;
        return TreeVocabulary.Implied(_entries[_open[_depth - 1] >> 1].Type, field);
    }

    private void CloseObject(ref Utf8JsonReader reader)
    {
        int open = _open[--_depth];
        _entries[open >> 1].End = _count;
        if ((open & 1) == 1 && (!reader.Read() || reader.TokenType != JsonTokenType.EndObject)) throw new JsonException();
    }

    private void AddScalar(ref Utf8JsonReader reader, TreeField field)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                int text = Add(TreeNodeType.Text, field);
                _entries[text].Value = (int)reader.TokenStartIndex + 1;
                _entries[text].Length = reader.ValueSpan.Length;
                _entries[text].IsEscaped = reader.ValueIsEscaped;
                break;
            case JsonTokenType.Number:
                int number = Add(TreeNodeType.Number, field);
                _entries[number].Value = reader.TryGetInt32(out int value) ? value : int.MaxValue;
                break;
            case JsonTokenType.True:
                Add(TreeNodeType.True, field);
                break;
        }
    }

    /// <summary>The grammar leaves out zeros. The location of a tablespace is a directory.</summary>
    private void SetLocation(ref Utf8JsonReader reader)
    {
        int open = _open[_depth - 1];
        if (IsArray(open) || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int location)) return;
        ref TreeEntry entry = ref _entries[open >> 1];
        if (entry.Type != TreeNodeType.Unrecognised) entry.Value = location;
    }

    private int Add(TreeNodeType type, TreeField field)
    {
        if (_count == _entries.Length) Array.Resize(ref _entries, _entries.Length * 2);
        _entries[_count] = new TreeEntry { Type = type, Field = field, End = _count + 1 };
        return _count++;
    }

    private void Push(int open)
    {
        if (_depth == _open.Length) Array.Resize(ref _open, _open.Length * 2);
        _open[_depth++] = open;
    }
}
