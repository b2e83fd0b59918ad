using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.Intrinsics;
using System.Text;
using Proxy.Core.Masking;

namespace Proxy.Core.Journal.Subjects;

/// <summary>
/// Makes the codes that stand for individuals in the record: 64 bits of AES-CMAC over the key's value as the server would print it, under a key for
/// each kind. Who has the journal's subject key can ask whether a given patient was in an answer; nobody else can tell who a code is. The same
/// individual has the same code in all records of a journal, so codes are pseudonyms, not anonymous. Thread-safe.
/// </summary>
public sealed class SubjectCoder : IDisposable
{
    public const int KeyBytes = 32;

    /// <summary>Of one code in a record.</summary>
    public const int CodeBytes = sizeof(ulong);

    private const int UuidBytes = 16;
    private const int UuidChars = 36;

    private readonly MaskingKeys _keys;

    /// <param name="key">32 random bytes; not kept.</param>
    public SubjectCoder(ReadOnlySpan<byte> key) => _keys = new MaskingKeys(key);

    /// <summary>The code of an individual whose key somebody writes as text, such as <c>4711</c>.</summary>
    public ulong CodeOf(string kind, string value) => Code(DomainOf(kind), Encoding.UTF8.GetBytes(value));

    public void Dispose() => _keys.Dispose();

    public override string ToString() => nameof(SubjectCoder);

    internal KeyDomain DomainOf(string kind) => _keys.Domain("subject " + kind);

    /// <summary>False when the value is of a type that cannot be a key, or is not what its type says.</summary>
    internal static bool TryCode(KeyDomain domain, in SubjectColumn column, ReadOnlySpan<byte> value, out ulong code)
    {
        Span<byte> text = stackalloc byte[UuidChars];
        code = 0;
        switch (column.Type)
        {
            case MaskType.Int16 or MaskType.Int32 or MaskType.Int64 when column.IsBinary:
                if (!TryReadInteger(value, out var number) || !Utf8Formatter.TryFormat(number, text, out var digits))
                    return false;
                code = Code(domain, text[..digits]);
                return true;
            case MaskType.Uuid when column.IsBinary:
                if (value.Length != UuidBytes || !Utf8Formatter.TryFormat(new Guid(value, bigEndian: true), text, out var written))
                    return false;
                code = Code(domain, text[..written]);
                return true;
            case MaskType.BlankPaddedText:
                code = Code(domain, value.TrimEnd((byte)' '));
                return true;
            default:
                code = CodesBytes(column) ? Code(domain, value) : 0;
                return CodesBytes(column);
        }
    }

    /// <summary>Whether every value of the column has a code, which is that of its bytes as they are sent.</summary>
    internal static bool CodesBytes(in SubjectColumn column) =>
        column.Type is MaskType.Text
        || (column.Type is MaskType.Int16 or MaskType.Int32 or MaskType.Int64 or MaskType.Numeric or MaskType.Uuid && !column.IsBinary);

    private static ulong Code(KeyDomain domain, ReadOnlySpan<byte> text) => Cmac.Of(domain, ValueTag.Text, text).AsUInt64()[0];

    private static bool TryReadInteger(ReadOnlySpan<byte> value, out long number)
    {
        number = value.Length switch
        {
            sizeof(short) => BinaryPrimitives.ReadInt16BigEndian(value),
            sizeof(int) => BinaryPrimitives.ReadInt32BigEndian(value),
            sizeof(long) => BinaryPrimitives.ReadInt64BigEndian(value),
            _ => 0,
        };
        return value.Length is sizeof(short) or sizeof(int) or sizeof(long);
    }
}
