using System.Buffers;
using System.Buffers.Binary;
using Proxy.Core.Masking;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Policy;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Gathers the definitions of a result and makes the plan of its rows. Definitions come with every execution; where they are those of the last one in the
/// same place, and its judgement makes the same plans, its plan holds. One per session, owned by the reply relay.
/// </summary>
internal sealed class ResultColumns
{
    /// <summary>As many as a session alternates between without planning anew. A power of two.</summary>
    private const int RememberedMax = 8;

    private readonly ArrayBufferWriter<byte> _definitions = new(512);
    private readonly Remembered?[] _remembered = new Remembered?[RememberedMax];

    public void Begin() => _definitions.Clear();

    public void Add(ReadOnlySpan<byte> definition)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_definitions.GetSpan(sizeof(int)), definition.Length);
        _definitions.Advance(sizeof(int));
        _definitions.Write(definition);
    }

    /// <summary>False when a definition is malformed.</summary>
    /// <param name="judgement">Of the statement that is answered.</param>
    /// <param name="result">Which of its results.</param>
    /// <param name="count">Columns.</param>
    /// <param name="isBinary">Whether rows come in the binary protocol.</param>
    /// <param name="shape">Of the rows.</param>
    public bool TryPlan(Judgement? judgement, int result, int count, bool isBinary, out MySqlRowShape shape)
    {
        var gathered = _definitions.WrittenSpan;
        var plans = judgement?.PlanIdentity;
        ref var slot = ref _remembered[((plans?.GetHashCode() ?? 0) + result) & (RememberedMax - 1)];
        if (slot is { } known && ReferenceEquals(known.Plans, plans) && known.Result == result && known.IsBinary == isBinary
            && gathered.SequenceEqual(known.Definitions))
        {
            shape = known.Shape;
            return true;
        }

        shape = MySqlRowShape.None;
        var columns = new MySqlResultColumn[count];
        for (var i = 0; i < count; i++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(gathered);
            if (!ColumnDefinition.TryDecode(gathered.Slice(sizeof(int), length), isBinary, out columns[i])) return false;
            gathered = gathered[(sizeof(int) + length)..];
        }

        var plan = MySqlMaskPlan.Everything;
        // A procedure's further results are of statements that nobody has read: only a rule that shows everything shows them.
        if (judgement is not null && (result == 0 || judgement.Decision is { Verdict: Verdict.Allow, Profile: MaskProfile.Unmasked }))
            plan = judgement.PlanFor(statement: 0, columns);
        shape = new MySqlRowShape(plan, columns, isBinary);
        slot = plan.KnowsEveryOrigin ? new Remembered(plans, result, isBinary, _definitions.WrittenSpan.ToArray(), shape) : null;
        return true;
    }

    private sealed record Remembered(object? Plans, int Result, bool IsBinary, byte[] Definitions, MySqlRowShape Shape);
}
