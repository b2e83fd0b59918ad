using System.IO.Hashing;
using System.Text;
using Proxy.Core.Sql;

namespace Proxy.Tests.Support.MySql;

/// <summary>Takes every text for one statement, for tests of the protocol. A text that contains "unreadable" has a syntax error, one with "slowly" is read elsewhere.</summary>
internal sealed class LenientFrontEnd : ISqlFrontEnd
{
    public bool TryAnalyse(ReadOnlySpan<byte> text, out StatementAnalysis analysis)
    {
        analysis = Analyse(text);
        return text.IndexOf("slowly"u8) < 0;
    }

    public ValueTask<StatementAnalysis> AnalyseAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) => ValueTask.FromResult(Analyse(text.Span));

    private static StatementAnalysis Analyse(ReadOnlySpan<byte> text) => new()
    {
        Fingerprint = XxHash3.HashToUInt64(text),
        Status = text.IndexOf("unreadable"u8) < 0 ? AnalysisStatus.Read : AnalysisStatus.SyntaxError,
        Statements = text.IndexOf("unreadable"u8) < 0
            ? [new StatementReading { Kind = KindOf(Encoding.UTF8.GetString(text).TrimStart()), Start = 0, Length = text.Length }]
            : [],
    };

    private static StatementKind KindOf(string text) =>
        text.StartsWith("prepare", StringComparison.OrdinalIgnoreCase) ? StatementKind.Prepare
        : text.StartsWith("set", StringComparison.OrdinalIgnoreCase) ? StatementKind.SetSetting
        : StatementKind.Select;
}
