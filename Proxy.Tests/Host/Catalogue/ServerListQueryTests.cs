using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Catalogue;

/// <summary>Commands of Debian's psql (15) that fail on newer servers, whose catalogues renamed columns.</summary>
[TestFixture(PostgresVersion.V13)]
[TestFixture(PostgresVersion.V15)]
public sealed class ServerListQueryTests(PostgresVersion version)
{
    private PlannedQueries _queries = null!;

    [OneTimeSetUp]
    public async Task Load() => _queries = await PlannedQueries.OnAsync(version);

    [TestCase(@"\l")]
    [TestCase(@"\l+")]
    [TestCase(@"\dO")]
    public async Task Psql_sees_every_column(string command)
    {
        var asked = await _queries.AskedByPsqlAsync(command);
        Assert.That(asked, Is.Not.Empty, "the command asked nothing");
        Assert.That(await _queries.MaskedOfAsync(asked), Is.Empty);
    }
}
