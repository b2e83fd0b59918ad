using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Policy.MaskedValues;

/// <summary>
/// What the parameters of one statement may be, for a session that is shown columns masked. A token is translated only where each place of its
/// parameter is an equality on a column whose token it is: anywhere else the real value could come back in the answer, or go into a column.
/// Immutable; allocates nothing unless a token is found.
/// </summary>
public sealed class ParameterGuard
{
    private readonly ShownColumns _columns;
    private readonly TokenTranslation _translation;
    private readonly ImmutableArray<ParameterUses> _parameters;
    private readonly bool _writes;
    private readonly bool _storesMasked;
    private readonly bool _isQuery;

    internal ParameterGuard(StatementReading reading, RiskAssessment assessment, ShownColumns columns)
    {
        _columns = columns;
        _translation = new TokenTranslation(columns);
        _writes = MaskedValueReview.Writes(reading, assessment);
        _storesMasked = _writes && (assessment.Lineage is null ? assessment.MentionsPhi
            : assessment.Lineage.Writes.Any(write => write.Column is null ? write.Relation.CarriesPhi : columns.IsMasked(write.Column)));
        // EXPLAIN prints values that it was given.
        _isQuery = assessment.IsQuery;
        var count = reading.Parameters.IsEmpty ? 0 : Math.Min(reading.Parameters.Max(), ushort.MaxValue);
        var parameters = ImmutableArray.CreateBuilder<ParameterUses>(count);
        for (var number = 1; number <= count; number++)
            parameters.Add(new ParameterUses(
                [.. (assessment.Lineage?.Uses ?? []).Where(use => use.Parameter == number)], reading.Parameters.Count(mentioned => mentioned == number)));
        _parameters = parameters.MoveToImmutable();
    }

    /// <summary>Judges one value that is not NULL.</summary>
    /// <param name="number">Counted from 1.</param>
    /// <param name="isBinary">The format it is sent in.</param>
    /// <param name="value">Its bytes.</param>
    /// <param name="translated">Gets the bytes that go on, where the outcome is <see cref="ParameterOutcome.Translated"/>.</param>
    /// <param name="refusal">Set where it is refused.</param>
    public ParameterOutcome Judge(int number, bool isBinary, ReadOnlySpan<byte> value, IBufferWriter<byte> translated, out Refusal? refusal)
    {
        refusal = null;
        var parameter = number <= _parameters.Length ? _parameters[number - 1] : ParameterUses.None;
        if (_columns.Planner.Keys?.ContainsToken(value) is true)
            return JudgeToken(parameter, isBinary, value, translated, out refusal);
        if (!_writes)
            return ParameterOutcome.Passed;
        foreach (var use in parameter.Uses)
            if (_columns.IsConstant(use.Column.Column, value, isBinary) && !(use.Kind is not ValueUseKind.Inserted && _columns.IsUnrecognisable(use.Column.Column)))
            {
                refusal = Refusals.MaskedWrite.Because($"a parameter is what is shown instead of {use.Column}");
                return ParameterOutcome.Refused;
            }
        if (!_storesMasked || !IsTextConstant(value))
            return ParameterOutcome.Passed;
        refusal = Refusals.MaskedWrite.Because("a parameter is what is shown instead of a value");
        return ParameterOutcome.Refused;
    }

    /// <summary>Whether the whole value is a token.</summary>
    public bool IsToken(ReadOnlySpan<byte> value) => _columns.Planner.Keys?.IsToken(value.TrimEnd((byte)' ')) is true;

    private ParameterOutcome JudgeToken(
        ParameterUses parameter, bool isBinary, ReadOnlySpan<byte> value, IBufferWriter<byte> translated, out Refusal? refusal)
    {
        refusal = null;
        if (_isQuery && parameter.IsOnlyCompared && _translation.TryTranslate(parameter, isBinary, value, translated))
            return ParameterOutcome.Translated;
        // Compared with nothing that it stands for: it is a text like any other, and shows nothing.
        if (!_writes && parameter.Uses.IsEmpty)
            return ParameterOutcome.Passed;
        refusal = _writes ? Refusals.MaskedWrite.Because("a parameter is a masked value")
            : Refusals.MaskedValue.Because(parameter.IsOnlyCompared ? "it was not shown to this identity lately, or not in this column" : "its parameter is used elsewhere, too");
        return ParameterOutcome.Refused;
    }

    private static bool IsTextConstant(ReadOnlySpan<byte> value)
    {
        Span<char> text = stackalloc char[16];
        return value.Length <= text.Length && MaskedValueReview.IsTextConstant(text[..Encoding.Latin1.GetChars(value, text)]);
    }

    public override string ToString() => $"guard of {_parameters.Length} parameters";
}
