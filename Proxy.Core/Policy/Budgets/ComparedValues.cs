using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Policy.Budgets;

/// <summary>
/// The values that one statement compares PHI with, as codes. Literals are known from the text, parameters when they are bound. Where not every
/// comparison is known one by one (VALUES, EXECUTE, bodies of functions) each value that the text could hold counts. Immutable.
/// </summary>
public sealed class ComparedValues
{
    /// <summary>An array that cannot be taken apart counts as so many.</summary>
    private const int ElementsMax = 100_000;

    private readonly BudgetCodes _codes;
    private readonly ImmutableArray<(int Parameter, string Column, bool IsEach)> _parameters;
    private readonly bool _takesAll;

    private ComparedValues(BudgetCodes codes, ImmutableArray<ulong> literals, ImmutableArray<(int, string, bool)> parameters, bool takesAll)
    {
        _codes = codes;
        Literals = literals;
        _parameters = parameters;
        _takesAll = takesAll;
    }

    /// <summary>Codes of the literals.</summary>
    public ImmutableArray<ulong> Literals { get; }

    public bool HasParameters => _takesAll || !_parameters.IsEmpty;

    /// <summary>Null where nothing is compared.</summary>
    /// <param name="codes">Makes the codes.</param>
    /// <param name="analysis">The text.</param>
    /// <param name="assessments">Of its statements, in their order.</param>
    public static ComparedValues? Of(BudgetCodes codes, StatementAnalysis analysis, Func<int, RiskAssessment> assessments)
    {
        var literals = ImmutableArray.CreateBuilder<ulong>();
        var parameters = ImmutableArray.CreateBuilder<(int, string, bool)>();
        var takesAll = false;
        for (var i = 0; i < analysis.Statements.Length; i++)
        {
            var assessment = assessments(i);
            if (!assessment.Has(RiskClasses.PhiEquality))
                continue;
            var reading = analysis.Statements[i];
            if (reading.RunsNamed || assessment.Lineage is not { ComparesUnlisted: false } lineage)
            {
                takesAll = true;
                AddText(codes, analysis, reading, literals);
                if (assessment.Lineage is null)
                    continue;
                lineage = assessment.Lineage;
            }
            foreach (var use in lineage.Uses)
                if (use.Kind is ValueUseKind.Compared or ValueUseKind.ComparedEach or ValueUseKind.Tried)
                    Add(codes, use, literals, parameters);
        }
        return literals.Count == 0 && parameters.Count == 0 && !takesAll ? null
            : new ComparedValues(codes, literals.ToImmutable(), parameters.ToImmutable(), takesAll);
    }

    /// <summary>Adds the codes of one bound parameter that is not NULL.</summary>
    /// <param name="number">Counted from 1.</param>
    /// <param name="isBinary">The format it is sent in.</param>
    /// <param name="value">Its bytes.</param>
    /// <param name="into">Gets the codes.</param>
    public void AddParameter(int number, bool isBinary, ReadOnlySpan<byte> value, ICollection<ulong> into)
    {
        foreach (var (parameter, column, isEach) in _parameters)
            if (parameter == number)
                AddValue(_codes, column, isEach, isBinary, value, into);
        if (_takesAll)
            AddValue(_codes, "", isEach: true, isBinary, value, into);
    }

    public override string ToString() => $"{Literals.Length} literals and {_parameters.Length} parameters compared";

    private static void Add(BudgetCodes codes, ValueUse use, ImmutableArray<ulong>.Builder literals, ImmutableArray<(int, string, bool)>.Builder parameters)
    {
        var column = use.Column.ToString();
        var isEach = use.Kind is ValueUseKind.ComparedEach;
        if (use.Parameter > 0)
            parameters.Add((use.Parameter, column, isEach));
        else if (use.Literal?.Value is { } literal)
            AddValue(codes, column, isEach, isBinary: false, Encoding.UTF8.GetBytes(literal), literals);
    }

    /// <summary>As many as there can be values between the commas; the same text again is the same values again.</summary>
    private static void AddText(BudgetCodes codes, StatementAnalysis analysis, StatementReading reading, ImmutableArray<ulong>.Builder literals)
    {
        Span<byte> place = stackalloc byte[sizeof(ulong) + sizeof(int)];
        BinaryPrimitives.WriteUInt64BigEndian(place, analysis.Fingerprint);
        var count = Math.Min(ElementsMax, 1 + (reading.Commas ?? reading.Length / 2));
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(place[sizeof(ulong)..], reading.Start + i);
            literals.Add(codes.OfValue("", place));
        }
    }

    /// <summary>Elements of arrays one by one: in text whatever lies between commas, which may be more than there are.</summary>
    private static void AddValue(BudgetCodes codes, string column, bool isEach, bool isBinary, ReadOnlySpan<byte> value, ICollection<ulong> into)
    {
        if (!isEach)
        {
            into.Add(codes.OfValue(column, value));
            return;
        }
        if (isBinary && TryAddElements(codes, column, value, into))
            return;
        if (!isBinary && value is [(byte)'{', .., (byte)'}'])
        {
            foreach (var element in value[1..^1].Split((byte)','))
                into.Add(codes.OfValue(column, value[1..^1][element].Trim((byte)'"')));
            return;
        }
        into.Add(codes.OfValue(column, value));
    }

    /// <summary>array_send of PostgreSQL's arrayfuncs.c: number of dimensions, flags, type, then size and lower bound of each; then the elements.</summary>
    private static bool TryAddElements(BudgetCodes codes, string column, ReadOnlySpan<byte> value, ICollection<ulong> into)
    {
        const int HeaderBytes = 12;
        const int DimensionBytes = 8;
        const int DimensionsMax = 6;
        if (value.Length < HeaderBytes || BinaryPrimitives.ReadInt32BigEndian(value) is not (>= 0 and <= DimensionsMax and var dimensions)
            || value.Length < HeaderBytes + (dimensions * DimensionBytes))
            return false;
        var elements = value[(HeaderBytes + (dimensions * DimensionBytes))..];
        var found = new List<ulong>();
        while (BinaryPrimitives.TryReadInt32BigEndian(elements, out var length))
        {
            elements = elements[sizeof(int)..];
            if (length < 0)
                continue;
            if (length > elements.Length)
                return false;
            found.Add(codes.OfValue(column, elements[..length]));
            elements = elements[length..];
        }
        if (!elements.IsEmpty)
            return false;
        foreach (var code in found)
            into.Add(code);
        return true;
    }
}
