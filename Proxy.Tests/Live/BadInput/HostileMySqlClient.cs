using System.Text;
using NUnit.Framework;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.BadInput;

/// <summary>A session that knows which thread of the server it has, and what that thread has been told so far.</summary>
internal sealed class HostileMySqlClient : IAsyncDisposable
{
    private readonly string _thread;
    private IReadOnlyList<string> _before;

    private HostileMySqlClient(MySqlWireClient client, string thread, IReadOnlyList<string> before)
    {
        Client = client;
        _thread = thread;
        _before = before;
    }

    public MySqlWireClient Client { get; }

    public static async Task<HostileMySqlClient> OpenAsync(PhiGateProcess gateway, uint capabilities = MySqlWireClient.PlainCapabilities)
    {
        var client = await MySqlWireClient.OpenAsync(gateway.Endpoint(), capabilities);
        var thread = Encoding.ASCII.GetString((await client.QueryAsync("select connection_id()"))[^2].Payload[1..]);
        return new HostileMySqlClient(client, thread, await LoggedMariaDb.CommandsAsync(thread));
    }

    /// <summary>Prepares a statement, and forgets that the server has been told so.</summary>
    public async Task<byte[]> PrepareAsync(string text)
    {
        var prepared = await Client.CommandAsync([22, .. Encoding.UTF8.GetBytes(text)]);
        _before = await LoggedMariaDb.CommandsAsync(_thread);
        return prepared[0].Payload[1..5];
    }

    /// <summary>One ERR packet, with the number that follows the command's.</summary>
    public async Task IsRefusedAsync(byte[] command, int number, string state, string message)
    {
        var reply = await Client.CommandAsync(command);
        Assert.That(reply, Has.Count.EqualTo(1), string.Join(", ", reply));
        IsError(reply[0], 1, number, state, message);
    }

    public static void IsError(MySqlPacket? reply, byte sequence, int number, string state, string message)
    {
        Assert.That(reply, Is.Not.Null);
        Assert.That(reply!.IsError, Is.True, reply.ToString());
        Assert.That((reply.Sequence, reply.ErrorNumber, reply.SqlState), Is.EqualTo((sequence, number, state)), reply.Message);
        Assert.That(reply.Message, Does.StartWith(message));
    }

    /// <summary>The session goes on, and the server has been told of nothing else.</summary>
    public async Task HasForwardedNothingAndLivesAsync()
    {
        const string next = "select 'alive'";
        await LivesAsync(next);
        Assert.That(await LoggedMariaDb.CommandsAsync(_thread), Is.EquivalentTo(_before.Append($"Query {next}")));
    }

    public async Task LivesAsync(string next = "select 'alive'")
    {
        var reply = await Client.QueryAsync(next);
        Assert.That((reply[0].Sequence, reply[^1].IsError), Is.EqualTo(((byte)1, false)), string.Join(", ", reply));
    }

    /// <summary>The session is over at the server as well, which has been told of nothing but that.</summary>
    public async Task HasForwardedNothingAndEndsAsync()
    {
        await Eventually.IsTrueAsync(async () => !await LoggedMariaDb.IsThereAsync(_thread), "it has ended");
        Assert.That((await LoggedMariaDb.CommandsAsync(_thread)).Where(static command => !command.StartsWith("Quit", StringComparison.Ordinal)), Is.EquivalentTo(_before));
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
