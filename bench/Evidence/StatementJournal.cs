using System.Diagnostics;
using System.Globalization;
using Proxy.Core.Journal;
using Proxy.Core.Journal.Records;
using Proxy.Core.Policy;

namespace Proxy.Bench.Evidence;

/// <summary>A sealed and chained journal of many statements, two records each, in sessions of a thousand.</summary>
internal static class StatementJournal
{
    private const int SessionStatements = 1_000;

    /// <returns>How long the appending itself took.</returns>
    public static async Task<TimeSpan> FillAsync(string directory, JournalEvidence evidence, int statements, CancellationToken cancellationToken)
    {
        await using var journal = await MappedJournal.OpenAsync(
            new JournalOptions { Directory = directory, SegmentsReady = 2, Evidence = evidence }, TimeProvider.System, cancellationToken);
        var appending = TimeSpan.Zero;
        for (var first = 0; first < statements; first += SessionStatements)
        {
            // Time for segments to be prepared: the speed of the disk is not what is measured here.
            while (journal.State is not JournalState.Ready || journal.Figures.SegmentsReady == 0)
                await Task.Delay(5, cancellationToken);
            var since = Stopwatch.GetTimestamp();
            AppendSession(journal, first);
            appending += Stopwatch.GetElapsedTime(since);
        }
        return appending;
    }

    private static void AppendSession(MappedJournal journal, int first)
    {
        var session = Guid.NewGuid();
        var human = string.Create(CultureInfo.InvariantCulture, $"person-{first / SessionStatements}");
        var opened = new SessionOpenedRecord { SessionId = session, Issuer = "https://idp", Subject = "agent", Human = human, Target = "hospital" };
        Insist(journal.TryAppend(in opened, out _));
        string[] relations = [string.Create(CultureInfo.InvariantCulture, $"public.relation_{first / SessionStatements % 100}")];
        for (var i = 0; i < SessionStatements; i++)
        {
            var intent = new IntentRecord
            {
                SessionId = session,
                StatementNumber = i,
                Text = "select id, status, ward from patients where mrn = 'MRN-0000000' and ward = 7"u8,
                Fingerprint = (ulong)i,
                Risk = RiskClasses.PhiRead,
                Relations = relations,
                Verdict = Verdict.Mask,
                Rule = "clinicians",
                PolicyVersion = "0123456789abcdef",
            };
            Insist(journal.TryAppend(in intent, out var number));
            var outcome = new OutcomeRecord
            {
                SessionId = session,
                Statement = number,
                Status = OutcomeStatus.Completed,
                CommandTag = "SELECT 1"u8,
                Rows = 1,
                AnswerMode = AnswerMode.Full,
                AnswerBytes = 90,
                Answer = "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"u8,
            };
            Insist(journal.TryAppend(in outcome, out _));
        }
    }

    private static void Insist(bool isAppended)
    {
        if (!isAppended) throw new InvalidOperationException("The journal took no record.");
    }
}
