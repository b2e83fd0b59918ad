using System.Runtime.Intrinsics;
using Proxy.Core.Masking;

namespace Proxy.Core.Policy.Budgets;

/// <summary>The code of a row: of the values in it that are PHI, in their order. NULL is none.</summary>
public ref struct RowCode
{
    private Cmac _code;

    internal RowCode(BudgetCodes codes) => _code = new Cmac(codes.Rows, ValueTag.Bytea);

    /// <summary>Whether any value was added: a row without one shows no PHI.</summary>
    public bool HasValues { get; private set; }

    public void Add(int column, scoped ReadOnlySpan<byte> value)
    {
        _code.Append(((long)column << 32) | (uint)value.Length);
        _code.Append(value);
        HasValues = true;
    }

    public ulong Finish() => _code.Finish().AsUInt64().ToScalar();
}
