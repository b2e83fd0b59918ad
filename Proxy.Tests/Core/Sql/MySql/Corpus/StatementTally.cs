using System.Globalization;
using Proxy.Core.Sql;

namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>What the server and we said about the statements of one class.</summary>
internal sealed class StatementTally
{
    private const int ListedMax = 200;

    public int Accepted { get; private set; }

    public int Rejected { get; private set; }

    public int Compared { get; set; }

    public int NotRead { get; private set; }

    public int WronglyRead { get; private set; }

    /// <summary>Statements that the server understands and we do not.</summary>
    public List<string> Missed { get; } = [];

    /// <summary>Statements that we understand and the server does not.</summary>
    public List<string> Invented { get; } = [];

    /// <summary>Answers of another number of columns.</summary>
    public List<string> Different { get; } = [];

    public string Figures => string.Create(
        CultureInfo.InvariantCulture,
        $"{Accepted:N0} accepted by the server, {NotRead:N0} of them not read ({100.0 * NotRead / Math.Max(1, Accepted):F2} %); {Rejected:N0} rejected, {WronglyRead:N0} of them read; {Compared:N0} numbers of columns compared, {Different.Count:N0} different");

    /// <summary>Several statements in one text are no statement to prepare: then its parts were not judged.</summary>
    public void Add(string name, string text, bool isAccepted, StatementAnalysis analysis)
    {
        var isRead = analysis.Status is AnalysisStatus.Read;
        if (isRead && analysis.Statements.Length != 1)
            return;
        if (isAccepted)
            Accepted++;
        else
            Rejected++;
        if (isAccepted && !isRead)
        {
            NotRead++;
            Note(Missed, $"{name}: {analysis.Reason}: {text}");
        }
        else if (!isAccepted && isRead)
        {
            WronglyRead++;
            Note(Invented, $"{name}: {text}");
        }
    }

    private static void Note(List<string> list, string line)
    {
        if (list.Count < ListedMax)
            list.Add(line.ReplaceLineEndings(" "));
    }
}
