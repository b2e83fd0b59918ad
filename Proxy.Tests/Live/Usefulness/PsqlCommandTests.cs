using System.Runtime.CompilerServices;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Usefulness;

/// <summary>psql's backslash commands under the policy "lookup" print what they print without the gateway.</summary>
public sealed class PsqlCommandTests
{
    private WorkPlace _place = null!;

    [OneTimeSetUp]
    public async Task Open() => _place = await WorkPlace.OpenAsync("lookup");

    [OneTimeTearDown]
    public async Task Close()
    {
        if (_place is not null)
            await _place.DisposeAsync();
    }

    [TestCaseSource(nameof(Commands))]
    public async Task Prints_what_is_expected(string expected, string command)
    {
        var direct = await PrintedAsync(_place.Direct, command);
        var through = await PrintedAsync(_place.Through, command);

        Assert.That(direct, Is.Not.Empty.And.Not.Contain("ERROR"));
        Assert.That(through.Contains("phigate code=", StringComparison.Ordinal) ? "refused" : through == direct ? "same" : "masked", Is.EqualTo(expected), through);
    }

    [Test]
    public void Nearly_all_of_them_run() =>
        Assert.That((double)Commands().Count(static command => command.Arguments[0] is "refused") / Commands().Count(), Is.LessThanOrEqualTo(0.03));

    private static IEnumerable<TestCaseData<string, string>> Commands() =>
        from line in File.ReadLines(CommandFile())
        where line.Length > 0 && line[0] != '#'
        let at = line.IndexOf('\\', StringComparison.Ordinal)
        select new TestCaseData<string, string>(at == 0 ? "same" : line[..(at - 1)], line[at..]);

    private static async Task<string> PrintedAsync(ClientEndpoint endpoint, string command)
    {
        var result = await Psql.RunAsync(endpoint, command);
        return (result.Output + result.Errors)
            .Replace(WorkPlace.BehindName, WorkPlace.DirectName, StringComparison.Ordinal)
            .Replace($"port \"{endpoint.Port}\"", "port", StringComparison.Ordinal);
    }

    private static string CommandFile([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "psql.txt");
}
