using Proxy.Core.Sql;

namespace Proxy.Tests.Support.MySql;

/// <summary>Takes what stands between semicolons for statements.</summary>
internal sealed class SplittingFrontEnd : ISqlFrontEnd
{
    public bool TryAnalyse(ReadOnlySpan<byte> text, out StatementAnalysis analysis)
    {
        analysis = new StatementAnalysis
        {
            Fingerprint = System.IO.Hashing.XxHash3.HashToUInt64(text),
            Status = AnalysisStatus.Read,
            Statements = [.. System.Text.Encoding.UTF8.GetString(text).Split(';').Select(static part => new StatementReading { Kind = StatementKind.Select, Start = 0, Length = part.Length })],
        };
        return true;
    }

    public ValueTask<StatementAnalysis> AnalyseAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Everything is read at once.");
}
