using System.Collections.Concurrent;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Differential;

/// <summary>
/// Plays every exchange directly and against a second endpoint, and compares all frames byte for byte (apart from the process ids in
/// notifications, and from what an exchange says that a gateway refuses by design). A derived fixture says what the second endpoint is.
/// </summary>
public abstract class DifferentialTests
{
    private static readonly PostgresVersion[] Versions = [PostgresVersion.V13, PostgresVersion.V15, PostgresVersion.V18];
    private readonly ConcurrentDictionary<PostgresVersion, Lazy<Task<(ExchangePlayer Player, ClientEndpoint Second)>>> _pairs = new();

    /// <summary>Whether the second endpoint is a gateway, which refuses what exchanges say that it refuses by design.</summary>
    protected virtual bool Refuses => false;

    /// <summary>
    /// Starts the second endpoint, which leads to the given database of the server as <see cref="ExchangePlayer.Role"/>. Once per version;
    /// the fixture ends it in its own OneTimeTearDown.
    /// </summary>
    protected abstract Task<ClientEndpoint> StartSecondAsync(PostgresServer server, string database);

    [OneTimeTearDown]
    public async Task EndPlayers()
    {
        foreach (var pair in _pairs.Values)
            if (pair is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
                await (await pair.Value).Player.DisposeAsync();
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Both_endpoints_answer_with_the_same_bytes(PostgresVersion version, Exchange exchange)
    {
        var (player, second) = await PairAsync(version);
        var expected = await player.PlayAsync(exchange, player.Direct);
        var actual = await player.PlayAsync(exchange, second, Refuses);
        var isRefused = Refuses && exchange.On(version).Any(ExchangePlayer.IsByDesign);
        Assert.That(actual, Is.EqualTo(isRefused ? expected.Take(actual.Count) : expected));
    }

    [TestCaseSource(nameof(Versions))]
    public async Task Both_endpoints_report_the_same_parameters_at_start(PostgresVersion version)
    {
        var (player, second) = await PairAsync(version);
        Assert.That(await ParametersAsync(second), Is.EquivalentTo(await ParametersAsync(player.Direct)));
    }

    private static IEnumerable<TestCaseData<PostgresVersion, Exchange>> Cases() =>
        Versions.SelectMany(version => ExchangeFile.For(version).Select(exchange =>
            new TestCaseData<PostgresVersion, Exchange>(version, exchange).SetArgDisplayNames(version.ToString(), exchange.ToString())));

    private Task<(ExchangePlayer Player, ClientEndpoint Second)> PairAsync(PostgresVersion version) =>
        _pairs.GetOrAdd(version, v => new Lazy<Task<(ExchangePlayer, ClientEndpoint)>>(() => StartAsync(v))).Value;

    private async Task<(ExchangePlayer Player, ClientEndpoint Second)> StartAsync(PostgresVersion version)
    {
        var server = await SharedServers.PostgresAsync(version);
        var player = await ExchangePlayer.CreateAsync(server);
        return (player, await StartSecondAsync(server, player.Database));
    }

    private static async Task<IEnumerable<string>> ParametersAsync(ClientEndpoint endpoint)
    {
        await using var client = await WireClient.OpenAsync(endpoint);
        return client.StartupReplies.Where(frame => frame.Type == 'S').Select(frame => frame.ToString());
    }
}
