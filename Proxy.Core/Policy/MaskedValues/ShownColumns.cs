using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Masking.Postgres;

namespace Proxy.Core.Policy.MaskedValues;

/// <summary>
/// How a session is shown columns: under the decision of the statement that is judged, and under that of its reads, by which it got the values
/// that it may be sending back.
/// </summary>
internal sealed class ShownColumns(MaskPlanner planner, MaskProfile writing, MaskProfile reading, CatalogueTypes types)
{
    public MaskPlanner Planner => planner;

    /// <summary>Whether no column is masked.</summary>
    public bool ShowsEverything => writing is MaskProfile.Unmasked && reading is MaskProfile.Unmasked;

    public bool IsMasked(CatalogueColumn column) => column.IsPhi && (Masks(writing, column) || Masks(reading, column));

    /// <summary>Whether a masked value of the column cannot be told from a real one.</summary>
    public bool IsUnrecognisable(CatalogueColumn column) =>
        column.IsPhi && (IsUnrecognisable(writing, column) || IsUnrecognisable(reading, column));

    public bool IsConstant(CatalogueColumn column, ReadOnlySpan<byte> value, bool isBinary) =>
        column.IsPhi && (IsConstant(writing, column, value, isBinary) || IsConstant(reading, column, value, isBinary));

    /// <summary>Whether the token is what one of the profiles makes of the value in the column.</summary>
    public bool IsTokenOf(CatalogueColumn column, ReadOnlySpan<byte> value, ReadOnlySpan<byte> token) =>
        IsTokenOf(writing, column, value, token) || IsTokenOf(reading, column, value, token);

    private bool Masks(MaskProfile profile, CatalogueColumn column) => planner.MaskOf(profile, column, types).Kind is not MaskKind.Show;

    private bool IsUnrecognisable(MaskProfile profile, CatalogueColumn column)
    {
        var mask = planner.MaskOf(profile, column, types);
        return mask.Kind is not MaskKind.Show && !MaskRecognition.IsRecognisable(mask);
    }

    private bool IsConstant(MaskProfile profile, CatalogueColumn column, ReadOnlySpan<byte> value, bool isBinary)
    {
        var mask = planner.MaskOf(profile, column, types);
        return mask.Kind is not MaskKind.Show && MaskRecognition.IsConstant(mask, value, isBinary);
    }

    private bool IsTokenOf(MaskProfile profile, CatalogueColumn column, ReadOnlySpan<byte> value, ReadOnlySpan<byte> token)
    {
        var mask = planner.MaskOf(profile, column, types) with { IsArray = false };
        Span<byte> made = stackalloc byte[ValueMasker.ScalarBytesMax];
        return mask.Kind is MaskKind.Pseudonym && ValueMasker.TryMask(mask, value, made, out var length) && length > 0
            && made[..length].TrimEnd((byte)' ').SequenceEqual(token);
    }
}
