using Proxy.Core.Catalogue;

namespace Proxy.Core.Sql.Lineage;

/// <summary>What flows into one value, and how. Immutable.</summary>
public sealed record Flow
{
    /// <summary>Of something that nobody understands.</summary>
    public static Flow Opaque { get; } = new() { Derivation = Derivation.Opaque, TellsByNull = true, MayFail = true };

    /// <summary>Of something that the session or the server supplies and that is no data: the time, a user's name, a count of rows.</summary>
    public static Flow Constant { get; } = new() { Derivation = Derivation.Constant };

    /// <summary>Of a literal or a parameter: the client knows it already.</summary>
    public static Flow ClientValue { get; } = new() { Derivation = Derivation.Constant, IsClientValue = true };

    public Derivation Derivation { get; init; }

    /// <summary>Columns whose values flow in.</summary>
    public SourceSet Sources { get; init; } = SourceSet.Empty;

    /// <summary>Columns of which only the number of values, or whether there is one, flows in: count(ssn), ssn IS NULL.</summary>
    public SourceSet Counted { get; init; } = SourceSet.Empty;

    /// <summary>Whether NULL says more than that a source is NULL, as for NULLIF(ssn, '…'): then it is shown as NULL always.</summary>
    public bool TellsByNull { get; init; }

    /// <summary>Whether it is a literal or a parameter, perhaps converted: nothing that the server computed.</summary>
    public bool IsClientValue { get; init; }

    /// <summary>
    /// Whether computing it can fail or take long. Where PHI decides whether it is computed, the failure tells what PHI said.
    /// </summary>
    public bool MayFail { get; init; }

    /// <summary>
    /// Whether some values are a column's and others are not, as in ssn UNION ALL a literal: how many differ tells whether one is among the others.
    /// </summary>
    public bool IsMixed { get; init; }

    /// <summary>
    /// Whether in some rows it is no value of its source there, though it is computed from nothing: NULL of a subquery that found nothing or of a side
    /// that an outer join did not find, or a constant of another arm of UNION.
    /// </summary>
    public bool MayBeAnother { get; init; }

    /// <summary>Whether it can be or hold a row. Rows of different types are compared up to the first difference, and fail behind it.</summary>
    public bool HoldsRow { get; init; }

    /// <summary>What of its source it shows, if a profile may show that; any further computation shows something else.</summary>
    public ValuePart Part { get; init; }

    /// <summary>For a row: its fields.</summary>
    public RowShape? Row { get; init; }

    /// <summary>Whether the value can hold PHI.</summary>
    public bool IsPhi => Derivation is Derivation.Opaque || Sources.CarriesPhi;

    /// <summary>Whether it is one PHI column's whole value.</summary>
    public bool IsWholePhi => Derivation is Derivation.Copy && Sources.CarriesPhi;

    /// <summary>
    /// Whether it is a whole value of one identifier, so that a pseudonym of it can be as good as the value for telling equal from different. What
    /// nobody reviewed and free text have no pseudonyms.
    /// </summary>
    public bool IsIdentifier =>
        IsWholePhi && !TellsByNull && !IsMixed && Sources.PhiClass() is { } identifier && identifier is not (IdentifierClass.Unreviewed or IdentifierClass.FreeText);

    public static Flow Of(ColumnSource column) =>
        new() { Derivation = Derivation.Copy, Sources = SourceSet.Of(column), HoldsRow = column.Column.Shape.RowOf != 0 };

    /// <summary>A value computed from both.</summary>
    public Flow With(Flow other) => new()
    {
        Derivation = Derivation is Derivation.Opaque || other.Derivation is Derivation.Opaque ? Derivation.Opaque
            : Derivation is Derivation.Constant && other.Derivation is Derivation.Constant ? Derivation.Constant : Derivation.Expression,
        Sources = Sources.Union(other.Sources),
        Counted = Counted.Union(other.Counted),
        TellsByNull = TellsByNull || other.TellsByNull,
        MayFail = MayFail || other.MayFail,
        IsMixed = IsMixed || other.IsMixed,
        HoldsRow = HoldsRow || other.HoldsRow,
    };

    /// <summary>A value computed from this one.</summary>
    public Flow Computed() => Derivation is Derivation.Copy || IsClientValue || Row is not null || Part is not ValuePart.None
        ? this with { Derivation = Derivation is Derivation.Copy ? Derivation.Expression : Derivation, IsClientValue = false, Row = null, Part = ValuePart.None }
        : this;

    /// <summary>A value that is either this one or the other, as in UNION: the copy of copies is a copy.</summary>
    public Flow Or(Flow other)
    {
        if (ReferenceEquals(this, other))
            return this;
        return new Flow
        {
            Derivation = (Derivation)Math.Min((byte)Derivation, (byte)other.Derivation),
            Sources = Sources.Union(other.Sources),
            Counted = Counted.Union(other.Counted),
            TellsByNull = TellsByNull || other.TellsByNull,
            MayFail = MayFail || other.MayFail,
            IsClientValue = IsClientValue && other.IsClientValue,
            IsMixed = IsMixed || other.IsMixed || !IsLike(other),
            MayBeAnother = MayBeAnother || other.MayBeAnother || Derivation is not Derivation.Copy || other.Derivation is not Derivation.Copy,
            HoldsRow = HoldsRow || other.HoldsRow,
            Part = Part == other.Part && Sources.PhiClass() == other.Sources.PhiClass() ? Part : ValuePart.None,
        };
    }

    private bool IsLike(Flow other) =>
        (!IsPhi && !other.IsPhi) || (IsWholePhi && other.IsWholePhi && Sources.PhiClass() is { } identifier && identifier == other.Sources.PhiClass()
            && Sources.Columns.All(static source => source.IsPhi) && other.Sources.Columns.All(static source => source.IsPhi));

    /// <summary>Whether <paramref name="other"/> adds nothing to this: then a recursion has come to its end.</summary>
    public bool Contains(Flow other) =>
        Derivation <= other.Derivation && other.Sources.IsWithin(Sources) && other.Counted.IsWithin(Counted)
        && (TellsByNull || !other.TellsByNull) && (MayFail || !other.MayFail) && (IsMixed || !other.IsMixed) && (MayBeAnother || !other.MayBeAnother) && (HoldsRow || !other.HoldsRow)
        && (!IsClientValue || other.IsClientValue) && (Part is ValuePart.None || Part == other.Part);

    public override string ToString() => $"{Derivation} of ({Sources}){(Counted.IsEmpty ? "" : $" counting ({Counted})")}";
}
