using System.Text;
using Npgsql;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Usefulness;

/// <summary>
/// Mistakes under the policy "lookup". Where nothing that the statement can touch has PHI, the server's error passes byte for byte; elsewhere its
/// SQLSTATE, position and names of objects stay, and no value does.
/// </summary>
public sealed class ErrorUsefulnessTests
{
    private const int HarmlessMin = 60;
    private const int OnPhiMin = 40;

    /// <summary>Of the first patients, whom the cases are about.</summary>
    private const string Canaries = """
        select v from patients, unnest(array[mrn, ssn, first_name, last_name, birth_date::text, street, zip, phone, email]) v where id <= 60
        union select note from patients where id <= 60 and note is not null union select member_id from claims where patient_id <= 60
        """;

    private WorkPlace _place = null!;
    private IReadOnlyList<string> _canaries = [];

    [OneTimeSetUp]
    public async Task Open()
    {
        _place = await WorkPlace.OpenAsync("lookup");
        var canaries = new List<string>();
        await using var connection = await _place.Server.OpenAsync(WorkPlace.DirectName);
        await using var command = new NpgsqlCommand(Canaries, connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            canaries.Add(reader.GetString(0));
        _canaries = canaries;
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        if (_place is not null)
            await _place.DisposeAsync();
    }

    [TestCaseSource(nameof(Harmless))]
    public async Task The_servers_error_passes_byte_for_byte_where_there_is_no_PHI(WorkCase work)
    {
        var (direct, through) = await _place.PlayAsync(work);

        Assert.That(WorkOutcome.Of(direct, through), Is.EqualTo(work.Expected), () => $"{WorkOutcome.Of(direct, through)}\n{string.Join("\n", [.. direct, .. through])}");
        Assert.That(through, Is.EqualTo(direct));
    }

    [TestCaseSource(nameof(OnPhi))]
    public async Task An_error_about_PHI_keeps_what_it_is_and_has_no_value(WorkCase work)
    {
        var (direct, through) = await _place.PlayAsync(work);

        var outcome = WorkOutcome.Of(direct, through);
        Assert.That(outcome, Is.EqualTo(work.Expected), () => $"{outcome}\n{string.Join("\n", [.. direct, .. through])}");
        Assert.That(through.SelectMany(CanariesIn), Is.Empty);
        if (work.Expected.StartsWith("scrubbed", StringComparison.Ordinal))
            Assert.That(through.Where(WorkOutcome.IsError).Select(WhatStays), Is.EqualTo(direct.Where(WorkOutcome.IsError).Select(WhatStays)));
    }

    /// <summary>Otherwise nothing would have been hidden.</summary>
    [Test]
    public async Task Without_the_gateway_many_of_these_errors_print_PHI()
    {
        var printing = 0;
        foreach (var work in WorkCase.In("Errors").Where(static work => work.File == "phi"))
            printing += (await _place.PlayAsync(work)).Direct.Where(WorkOutcome.IsError).Any(frame => CanariesIn(frame).Any()) ? 1 : 0;

        Assert.That(printing, Is.GreaterThanOrEqualTo(OnPhiMin / 2));
    }

    [Test]
    public void There_are_enough_of_them()
    {
        Assert.That(Harmless().Count(), Is.GreaterThanOrEqualTo(HarmlessMin));
        Assert.That(OnPhi().Count(), Is.GreaterThanOrEqualTo(OnPhiMin));
    }

    private static IEnumerable<TestCaseData<WorkCase>> Harmless() => Named("harmless");

    private static IEnumerable<TestCaseData<WorkCase>> OnPhi() => Named("phi");

    private static IEnumerable<TestCaseData<WorkCase>> Named(string file) =>
        WorkCase.In("Errors").Where(work => work.File == file).Select(work => new TestCaseData<WorkCase>(work).SetArgDisplayNames(work.ToString()));

    private static string WhatStays(WireFrame error) => string.Join('|', "SCPstcdn".Select(field => error.Field(field)));

    private IEnumerable<string> CanariesIn(WireFrame frame)
    {
        var text = Encoding.UTF8.GetString(frame.Body);
        return _canaries.Where(canary => text.Contains(canary, StringComparison.OrdinalIgnoreCase));
    }
}
