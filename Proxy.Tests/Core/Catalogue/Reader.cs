using System.Text;
using Proxy.Core.Sql;
using Proxy.Core.Sql.Postgres;

namespace Proxy.Tests.Core.Catalogue;

/// <summary>The real reader, one for all tests that assess statements.</summary>
internal static class Reader
{
    private static readonly Lazy<PostgresFrontEnd> FrontEnd = new(static () => new PostgresFrontEnd(new PostgresFrontEndOptions { Instances = 2, ReaderThreads = 2 }));

    public static async Task<StatementReading> ReadAsync(string text) => (await ReadAllAsync(text)).Single();

    public static async Task<IReadOnlyList<StatementReading>> ReadAllAsync(string text)
    {
        var analysis = await FrontEnd.Value.AnalyseAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None);
        return analysis.Status == AnalysisStatus.Read
            ? analysis.Statements
            : throw new InvalidOperationException($"{analysis.Status}: {analysis.Reason} in {text}");
    }
}
