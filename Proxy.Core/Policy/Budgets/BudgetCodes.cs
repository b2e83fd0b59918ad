using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Proxy.Core.Masking;

namespace Proxy.Core.Policy.Budgets;

/// <summary>
/// Keyed codes of values and rows (the first 64 bits of AES-CMAC): equal ones are counted once, and nothing but a count can be learned from what is
/// kept. With 1,000,000 of them in an account, two different ones share a code with a chance of 1 in 37 million: one is counted too few then.
/// </summary>
public sealed class BudgetCodes : IDisposable
{
    private readonly MaskingKeys _keys;

    /// <summary>The key lives as long as the process, as the codes do.</summary>
    public BudgetCodes()
    {
        Span<byte> key = stackalloc byte[MaskingKeys.MasterKeyBytesMin];
        RandomNumberGenerator.Fill(key);
        _keys = new MaskingKeys(key);
        CryptographicOperations.ZeroMemory(key);
        Rows = _keys.Domain("rows");
        Values = _keys.Domain("values");
    }

    /// <summary>For codes of rows.</summary>
    internal KeyDomain Rows { get; }

    private KeyDomain Values { get; }

    /// <summary>Of a value that a column of this name is compared with.</summary>
    public ulong OfValue(string column, ReadOnlySpan<byte> value)
    {
        var code = new Cmac(Values, ValueTag.Bytea);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, column.Length);
        code.Append(length);
        foreach (var next in column)
            code.Append((short)next);
        code.Append(value);
        return code.Finish().AsUInt64().ToScalar();
    }

    public RowCode BeginRow() => new(this);

    public void Dispose() => _keys.Dispose();

    public override string ToString() => nameof(BudgetCodes);
}
