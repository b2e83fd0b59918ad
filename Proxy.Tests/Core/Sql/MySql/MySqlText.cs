using System.Text;
using Proxy.Core.Sql;
using Proxy.Core.Sql.MySql;

namespace Proxy.Tests.Core.Sql.MySql;

/// <summary>Reads texts as MariaDB 10.11 with the settings of each test.</summary>
internal static class MySqlText
{
    private static readonly MySqlFrontEnd FrontEnd = new(new MySqlFrontEndOptions { InlineTextBytesMax = 1024 * 1024 });

    public static MySqlReadSettings MariaDb { get; } = new(MySqlFlavour.MariaDb, 101119, MySqlModes.None);

    public static MySqlReadSettings MySql8 { get; } = new(MySqlFlavour.MySql, 80036, MySqlModes.None);

    public static StatementAnalysis Analyse(string text, MySqlReadSettings? settings = null) => Analyse(Encoding.UTF8.GetBytes(text), settings);

    public static StatementAnalysis Analyse(byte[] text, MySqlReadSettings? settings = null) =>
        FrontEnd.For(settings ?? MariaDb).TryAnalyse(text, out var analysis) ? analysis : throw new InvalidOperationException("Too long to be read at once.");

    /// <summary>The only statement of a text.</summary>
    public static StatementReading Read(string text, MySqlReadSettings? settings = null)
    {
        var analysis = Analyse(text, settings);
        return analysis is { Status: AnalysisStatus.Read, Statements: [var only] } ? only : throw new InvalidOperationException($"{analysis.Status} {analysis.Reason}: {text}");
    }
}
