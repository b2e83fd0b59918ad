using System.Collections.Immutable;
using Proxy.Core.Sql.MySql.Parsing;
using Proxy.Core.Sql.Syntax;

namespace Proxy.Core.Sql.MySql.Reading;

/// <summary>Makes the reading of a statement from what the parser and the walk over its tree found.</summary>
internal static class ReadingBuilder
{
    /// <summary>An object of the tree for every few bytes of text, and the values of literals.</summary>
    private const int BytesPerByte = 24;

    public static StatementReading Build(in ParsedStatement parsed, StatementNotes notes, MentionCollector found, int start, int length)
    {
        if (parsed.Syntax is { } syntax) StatementMentions.Add(found, syntax);
        if (found.IsOverfull) found.Opaque("more names than the reader keeps");
        var reading = new StatementReading
        {
            Kind = parsed.Kind,
            Start = start,
            Length = length,
            ObjectName = notes.ObjectName,
            IsChained = notes.IsChained,
            IsReadOnly = notes.IsReadOnly,
            Relations = Union(notes.Relations, found.Relations),
            Functions = Union(notes.Functions, found.Functions),
            Operators = found.Operators.ToImmutable(),
            Types = Union(notes.Types, found.Types),
            Settings = notes.Settings.ToImmutable(),
            // Of what is read by its kind alone nobody knows which columns it names.
            Columns = parsed.Syntax is null or CreateTableStatement or DropRelationsStatement
                ? ColumnsOf(parsed.Kind)
                : found.Columns.ToImmutable(),
            StoredColumns = found.StoredColumns.ToImmutable(),
            Parameters = [.. found.Parameters],
            MaskLikeLiterals = found.MaskLikeLiterals.ToImmutable(),
            NestedKinds = notes.NestedKinds.Count == 0 ? [] : [.. notes.NestedKinds],
            Syntax = parsed.Syntax,
            SyntaxBytes = parsed.Syntax is null ? 0 : BytesPerByte * length,
            OpaqueBecause = notes.OpaqueBecause ?? found.OpaqueBecause
                ?? (parsed.Kind is StatementKind.Unknown ? "the reader does not know the statement" : null),
        };
        return InnerOf(parsed.Syntax) is { } inner
            ? reading with { Inner = reading with { Kind = notes.InnerKind, Syntax = inner, SyntaxBytes = 0, NestedKinds = [], Inner = null, IsReadOnly = false } }
            : reading;
    }

    /// <summary>PREPARE with the statement that its string holds.</summary>
    public static StatementReading WithInner(StatementReading reading, StatementReading inner) => reading with
    {
        Inner = inner with { Start = reading.Start, Length = reading.Length },
        Relations = inner.Relations,
        Functions = inner.Functions,
        Operators = inner.Operators,
        Types = inner.Types,
        Settings = inner.Settings,
        Columns = inner.Columns,
        StoredColumns = inner.StoredColumns,
        MaskLikeLiterals = inner.MaskLikeLiterals,
        NestedKinds = inner.NestedKinds,
        OddNames = inner.OddNames,
        OpaqueBecause = reading.OpaqueBecause ?? inner.OpaqueBecause,
        Syntax = reading.Syntax is PrepareStatement prepare
            ? new PrepareStatement { Name = prepare.Name, Inner = inner.Syntax, Position = prepare.Position, End = prepare.End }
            : reading.Syntax,
        SyntaxBytes = reading.SyntaxBytes + inner.SyntaxBytes,
    };

    private static Statement? InnerOf(Statement? statement) => statement switch
    {
        ExplainStatement explain => explain.Inner,
        CreateTableAsStatement create => create.Inner,
        _ => null,
    };

    private static ImmutableArray<string> ColumnsOf(StatementKind kind) => kind is
        StatementKind.Begin or StatementKind.Commit or StatementKind.Rollback or StatementKind.Savepoint or StatementKind.ReleaseSavepoint
        or StatementKind.RollbackToSavepoint or StatementKind.SetSetting or StatementKind.SetTransaction or StatementKind.Deallocate
        or StatementKind.UseDatabase or StatementKind.Kill
        ? []
        : default;

    private static ImmutableArray<T> Union<T>(MentionSet<T> first, MentionSet<T> second)
        where T : IEquatable<T>
    {
        if (first.Count == 0) return second.ToImmutable();
        if (second.Count == 0) return first.ToImmutable();
        foreach (T item in second.ToImmutable()) first.Add(item);
        return first.ToImmutable();
    }
}
