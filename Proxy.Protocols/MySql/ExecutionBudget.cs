using System.Buffers.Binary;
using Proxy.Core.Masking.MySql;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;

namespace Proxy.Protocols.MySql;

/// <summary>The budget's gate for texts, and for what they are executed with.</summary>
internal sealed class ExecutionBudget(SessionBudget? budget) : BudgetGate(budget)
{
    /// <summary>For an execution, with the parameters in the form of <see cref="BoundValues"/>. A masked value is no guess, and is not counted.</summary>
    public Refusal? Admit(Judgement judgement, ReadOnlySpan<byte> bound)
    {
        if (Admit(judgement, out var compared) is { } spent) return spent;
        if (compared is null) return null;
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
            if (judgement.Parameters?.IsToken(written) is not true) compared.AddParameter(number, isBinary: false, written, Codes);
        }

        return Compare();
    }
}
