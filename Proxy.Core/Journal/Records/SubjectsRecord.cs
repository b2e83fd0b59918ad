using System.Buffers.Binary;
using Proxy.Core.Journal.Subjects;

namespace Proxy.Core.Journal.Records;

/// <summary>Whose rows an answer held: keyed codes of the individuals of one kind. Comes before the Outcome of the statement.</summary>
public readonly ref struct SubjectsRecord : IJournalRecord
{
    private const int FixedBytes = 45;

    public Guid SessionId { get; init; }

    /// <summary>The record number of the Intent or Execution that was answered.</summary>
    public long Statement { get; init; }

    /// <summary>Such as <c>patient</c>.</summary>
    public ReadOnlySpan<char> SubjectKind { get; init; }

    /// <summary>Rows that were looked at.</summary>
    public long Rows { get; init; }

    /// <summary>Rows of which nobody knows whose they are.</summary>
    public long UnreadRows { get; init; }

    /// <summary>There were more individuals than codes.</summary>
    public bool IsCapped { get; init; }

    public ReadOnlySpan<ulong> Codes { get; init; }

    public RecordKind Kind => RecordKind.Subjects;

    public int Measure() => FixedBytes + RecordWriter.Measure(SubjectKind) + (Codes.Length * SubjectCoder.CodeBytes);

    public int SealedBytes => 0;

    public void Write(Span<byte> destination)
    {
        var writer = new RecordWriter(destination);
        writer.Guid(SessionId);
        writer.Int64(Statement);
        writer.Text(SubjectKind);
        writer.Int64(Rows);
        writer.Int64(UnreadRows);
        writer.Byte(IsCapped ? (byte)1 : (byte)0);
        writer.Int32(Codes.Length);
        var codes = destination[^(Codes.Length * SubjectCoder.CodeBytes)..];
        for (var i = 0; i < Codes.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(codes[(i * SubjectCoder.CodeBytes)..], Codes[i]);
    }

    public override string ToString() => nameof(SubjectsRecord);
}
