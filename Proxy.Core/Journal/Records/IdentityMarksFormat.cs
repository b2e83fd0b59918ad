using Proxy.Core.Policy;

namespace Proxy.Core.Journal.Records;

/// <summary>The marks of an identity as five bytes: agent, human, task, workload, groups.</summary>
internal static class IdentityMarksFormat
{
    public const int Bytes = 5;

    public static void Write(ref RecordWriter writer, IdentityMarks? marks)
    {
        marks ??= new IdentityMarks();
        writer.Byte((byte)marks.Agent);
        writer.Byte((byte)marks.Human);
        writer.Byte((byte)marks.Task);
        writer.Byte((byte)marks.Workload);
        writer.Byte((byte)marks.Groups);
    }

    public static IdentityMarks Read(ref RecordReader reader) => new()
    {
        Agent = Mark(ref reader),
        Human = Mark(ref reader),
        Task = Mark(ref reader),
        Workload = Mark(ref reader),
        Groups = Mark(ref reader),
    };

    private static Provenance Mark(ref RecordReader reader) =>
        (Provenance)reader.Byte() is <= Provenance.Verified and var mark ? mark : Provenance.SelfDeclared;
}
