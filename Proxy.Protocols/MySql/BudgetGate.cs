using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;

namespace Proxy.Protocols.MySql;

/// <summary>Asks, before a statement goes on, whether the budget has room for it. Owned by the request relay.</summary>
internal sealed class BudgetGate(SessionBudget? budget)
{
    private readonly List<ulong> _codes = [];

    /// <summary>For a text that runs at once: the refusal, or null.</summary>
    public Refusal? Admit(Judgement judgement)
    {
        if (budget is null) return null;
        return budget.Admit(judgement.Decision.Risk, judgement.MayShowPhi)
            ?? (judgement.Compared is { } compared ? budget.Compare(compared.Literals.AsSpan()) : null);
    }

    /// <summary>For an execution, with the parameters in the form of <see cref="BoundValues"/>. A masked value is no guess, and is not counted.</summary>
    public Refusal? Admit(Judgement judgement, ReadOnlySpan<byte> bound)
    {
        if (budget is null || judgement.Compared is not { HasParameters: true } compared || !budget.LimitsLiterals) return Admit(judgement);
        if (budget.Admit(judgement.Decision.Risk, judgement.MayShowPhi) is { } spent) return spent;
        _codes.Clear();
        _codes.AddRange(compared.Literals.AsSpan());
        Span<byte> text = stackalloc byte[BinaryText.BytesMax];
        var rest = bound[sizeof(ushort)..];
        for (var number = 1; !rest.IsEmpty; number++)
        {
            var type = (MySqlFieldType)rest[0];
            var isUnsigned = (rest[1] & BoundValues.Unsigned) != 0;
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest[2..]);
            var value = rest.Slice(BoundValues.ValueHeaderBytes, Math.Max(0, length));
            rest = rest[(BoundValues.ValueHeaderBytes + value.Length)..];
            if (length < 0) continue;
            var written = BinaryText.IsText(type) ? value : BinaryText.Write(type, isUnsigned, value, text);
            if (judgement.Parameters?.IsToken(written) is not true) compared.AddParameter(number, isBinary: false, written, _codes);
        }

        return budget.Compare(CollectionsMarshal.AsSpan(_codes));
    }
}
