using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Differential;

/// <summary>The comparison itself: that endpoints are found equal means something only if a difference is found.</summary>
public sealed class ComparisonTests
{
    private static readonly Exchange Rows = ExchangeFile.Parse("rows", ["== rows", "Q \"select 'abc', 1\"", "< T D C Z"]).Single();

    [TestCase('T')]
    [TestCase('D')]
    [TestCase('C')]
    public async Task One_changed_byte_is_noticed(char type)
    {
        await using var player = await ExchangePlayer.CreateAsync(await SharedServers.PostgresAsync());
        await using var relay = new ChangingRelay(player.Direct, frame => frame.Type == type ? WithOtherLastByte(frame) : frame);
        Assert.That(await player.PlayAsync(Rows, relay.Endpoint), Is.Not.EqualTo(await player.PlayAsync(Rows, player.Direct)));
    }

    [Test]
    public async Task Unchanged_bytes_are_equal()
    {
        await using var player = await ExchangePlayer.CreateAsync(await SharedServers.PostgresAsync());
        await using var relay = new ChangingRelay(player.Direct, frame => frame);
        Assert.That(await player.PlayAsync(Rows, relay.Endpoint), Is.EqualTo(await player.PlayAsync(Rows, player.Direct)));
    }

    private static WireFrame WithOtherLastByte(WireFrame frame)
    {
        frame.Body[^1] ^= 1;
        return frame;
    }
}
