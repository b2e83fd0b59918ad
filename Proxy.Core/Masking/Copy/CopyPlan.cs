using Proxy.Core.Catalogue;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Masking.Postgres;
using Proxy.Core.Sql;

namespace Proxy.Core.Masking.Copy;

/// <summary>How the rows of a COPY … TO STDOUT are masked. Immutable.</summary>
public sealed class CopyPlan
{
    private CopyPlan(MaskPlan masks, CopyOptions? options)
    {
        Masks = masks;
        Options = options;
    }

    /// <summary>For a COPY that can hold no PHI, or that a rule shows as it is: nothing of it is looked at.</summary>
    public static CopyPlan Shown { get; } = new(new MaskPlan([]), options: null);

    public MaskPlan Masks { get; }

    /// <summary>How rows are written; null when they need not be read.</summary>
    public CopyOptions? Options { get; }

    public bool ShowsEverything => Options is null;

    /// <summary>Which columns say whose rows they are; null where none does.</summary>
    public SubjectPlan? Subjects { get; private init; }

    /// <summary>How rows are written, for finding whose they are; null when nobody looks for that.</summary>
    public CopyOptions? Written { get; private init; }

    /// <summary>The same plan for rows whose columns say whose they are.</summary>
    public CopyPlan With(SubjectPlan subjects, CopyOptions written) => new(Masks, Options) { Subjects = subjects, Written = written };

    /// <summary>The plan for these columns, in the order in which COPY writes them. Null when such a COPY cannot be masked: it must not run.</summary>
    public static CopyPlan? TryCreate(ReadOnlySpan<CopyColumn> columns, CopyOptions options, CatalogueTypes types, AgeLimit ageLimit)
    {
        if (!CanMask(options))
            return null;
        var masks = new ColumnMask[columns.Length];
        for (var i = 0; i < columns.Length; i++)
            masks[i] = PostgresType.Mask(
                columns[i].Kind, columns[i].TypeOid, columns[i].TypeModifier, options.Format is CopyFormat.Binary, columns[i].Domain, types: types) with
            {
                AgeLimit = ageLimit,
            };
        return new CopyPlan(new MaskPlan(masks), options);
    }

    /// <summary>
    /// Whether NULL is told from every value. In text only \N is: COPY does not mark a value that happens to be what the client chose for NULL, so
    /// whoever chose a guess would see which values it is right for. csv puts such values into quotes.
    /// </summary>
    public static bool CanMask(CopyOptions options) => options.Format is not CopyFormat.Text || options.Null.Span.SequenceEqual("\\N"u8);

    public override string ToString() => ShowsEverything ? "COPY as it is" : $"{Options} COPY by a {Masks}";
}
