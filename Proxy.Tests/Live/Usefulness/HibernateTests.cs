using System.Runtime.CompilerServices;
using NUnit.Framework;
using Proxy.Tests.Live.Clients;

namespace Proxy.Tests.Live.Usefulness;

/// <summary>An application of Hibernate over the hospital under the policy "lookup": what it finds, counts and changes is what it does without the gateway.</summary>
public sealed class HibernateTests
{
    /// <summary>SQLSTATE of what PHI would decide in a way that "lookup" does not allow.</summary>
    private const string Refused = "refused 42501";

    private static readonly string[] OfPartsOfPhi = ["HQL: a pattern of names", "HQL: born since"];

    [Test]
    public async Task It_works_as_without_the_gateway()
    {
        await using var place = await WorkPlace.OpenAsync("lookup");

        var direct = await HibernateProgram.RunAsync(Source(), place.Direct);
        var through = await HibernateProgram.RunAsync(Source(), place.Through);

        Assert.That(direct, Has.Length.GreaterThanOrEqualTo(50));
        Assert.That(direct, Has.None.Contains("refused"));
        Assert.That(through, Is.EqualTo(direct.Select(Expected)));
    }

    private static string Expected(string line) =>
        OfPartsOfPhi.FirstOrDefault(step => line.StartsWith($"{step} = ", StringComparison.Ordinal)) is { } refused ? $"{refused} = {Refused}" : line;

    private static string Source([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "HibernateWork.java");
}
