using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Host.Commands;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Evidence;

/// <summary>
/// Reports on the hospital's day from its export alone. docs/reports holds what they say; with PHIGATE_GOLDEN=write it is written instead of compared.
/// </summary>
public sealed partial class ReportTests
{
    private static readonly (string Cite, string Question, string[] Command)[] Questions =
    [
        ("164.312(a)(1)", "Did anybody get what no rule allows?", ["refusals"]),
        ("164.312(a)(2)(i)", "Who is behind each session, and how do you know?", ["sessions"]),
        ("164.312(a)(2)(ii)", "Was emergency access used, and has somebody looked at it since?", ["break-glass"]),
        ("164.312(d)", "Who failed to sign in, from where?", ["sign-ins"]),
        ("164.312(b)", "Which agent saw which kind of PHI, on whose behalf?", ["access"]),
        ("164.312(b), 164.502(b)", "Who saw PHI as it is, and by which rule?", ["unmasked"]),
        ("164.312(b)", "Which policy was in force, and when did it change?", ["policy-changes"]),
        ("164.312(c)(1)", "How do I know that none of this was changed?", ["integrity"]),
        ("164.402(2)(i), (ii)", "The token token-7f3a leaked. Whose records did whoever had it see?", ["exposure", "--key", HospitalDay.LeakedToken]),
        ("164.402(2)(iii), 164.528", "Who has seen anything of this one patient?", ["disclosures", "--individual", "patient=" + HospitalDay.CodeOf(12)]),
    ];

    private TemporaryDirectory _directory = null!;

    private string Export => _directory.Combine("export");

    [OneTimeSetUp]
    public async Task MakeExport()
    {
        _directory = new TemporaryDirectory();
        var journal = _directory.Combine("journal");
        await HospitalDay.WriteAsync(journal);
        Assert.That((await PhigateAsync("export", journal, "--output", Export, "--from", "2026-11-25", "--to", "2026-11-26", "--unrecorded")).ExitCode, Is.Zero);
        Directory.Delete(journal, recursive: true);
    }

    [OneTimeTearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public async Task Ten_questions_of_an_auditor_are_answered_from_the_export_alone()
    {
        var page = new StringBuilder("# Ten questions of an auditor\n\nAbout the day of `Proxy.Tests/Host/Evidence/HospitalDay.cs`, each answered by one command on its export, without the journal or a key.\n");
        foreach (var (cite, question, command) in Questions)
        {
            var (exitCode, output, error) = await PhigateAsync(["report", command[0], Export, .. command[1..]]);
            Assert.That(exitCode, Is.Zero, error);
            // Behind the report's own title and period.
            var body = output[(output.IndexOf("\n## ", StringComparison.Ordinal) + 1)..];
            page.Append($"\n## {cite}: {question}\n\n    phigate audit report {string.Join(' ', [command[0], "export", .. command[1..]])}\n\n#{body}");
        }
        Compare("questions.md", page.ToString());
    }

    [Test]
    public async Task The_day_is_one_report() => Compare("day.md", (await PhigateAsync("report", "all", Export)).Output);

    [Test]
    public async Task A_report_as_json_has_the_rows_of_its_table_under_their_names()
    {
        var json = JsonDocument.Parse((await PhigateAsync("report", "unmasked", Export, "--format", "json")).Output).RootElement;
        var row = json.GetProperty("sections")[0].GetProperty("rows")[0];
        Assert.That((row.GetProperty("rule").GetString(), row.GetProperty("rows").GetString()), Is.EqualTo(("clinicians-see-one-patient", "1")));
    }

    [Test]
    public async Task A_report_as_html_is_a_page_that_loads_nothing()
    {
        var html = (await PhigateAsync("report", "sessions", Export, "--format", "html")).Output;
        Assert.That(html, Does.Contain("<td>grace@example.org</td>").And.Contain("default-src 'none'"));
    }

    [TestCase("statements.jsonl")]
    [TestCase("subjects.jsonl")]
    [TestCase("manifest.json")]
    [TestCase("journal.heads")]
    public async Task A_changed_export_is_found(string file)
    {
        using var copy = new TemporaryDirectory();
        foreach (var original in Directory.GetFiles(Export))
            File.Copy(original, copy.Combine(Path.GetFileName(original)));
        var text = await File.ReadAllTextAsync(copy.Combine(file));
        await File.WriteAllTextAsync(copy.Combine(file), text.Replace("2026", "2025", StringComparison.Ordinal));
        var (exitCode, output, _) = await PhigateAsync("report", "integrity", copy.Path);
        Assert.That(exitCode, Is.EqualTo(ExitCode.JournalDamaged), output);
    }

    [Test]
    public async Task No_value_of_a_patient_is_in_export_or_report()
    {
        var report = (await PhigateAsync("report", "all", Export, "--format", "json")).Output;
        Assert.That(report, Does.Not.Contain(HospitalDay.Canary));
        foreach (var file in Directory.GetFiles(Export))
            Assert.That(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(HospitalDay.Canary)), Is.Negative, file);
    }

    private static void Compare(string name, string text)
    {
        // Keys are made anew for every journal, and the account is whoever runs the tests.
        text = KeyId().Replace(text, "by the key 0123456789abcdef0123456789abcdef").Replace(
            $"{Environment.UserName}@{Environment.MachineName}", "auditor@host", StringComparison.Ordinal);
        var path = Path.Combine(Root(), "docs", "reports", name);
        if (Environment.GetEnvironmentVariable("PHIGATE_GOLDEN") == "write") File.WriteAllText(path, text);
        Assert.That(text, Is.EqualTo(File.ReadAllText(path)));
    }

    private static string Root()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "proxy.sln")))
                return directory.FullName;
        throw new DirectoryNotFoundException("proxy.sln is not above the tests");
    }

    private static async Task<(int ExitCode, string Output, string Error)> PhigateAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandTree.Create().Parse(["audit", .. arguments])
            .InvokeAsync(new System.CommandLine.InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }

    [GeneratedRegex("by the key [0-9a-f]{32}")]
    private static partial Regex KeyId();
}
