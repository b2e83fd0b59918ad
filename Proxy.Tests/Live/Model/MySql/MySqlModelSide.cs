using System.Text;
using Proxy.Protocols.MySql.Messages;
using Proxy.Tests.Support.MySql;

namespace Proxy.Tests.Live.Model.MySql;

/// <summary>Plays commands on one connection, and knows the numbers of its statements.</summary>
/// <param name="client">The connection.</param>
/// <param name="database">Where it is.</param>
/// <param name="setupText">What begins a session anew behind COM_RESET_CONNECTION, where nobody else sends it; null behind the gateway.</param>
internal sealed class MySqlModelSide(MySqlWireClient client, string database, byte[]? setupText)
{
    /// <summary>A number that no server has given.</summary>
    private const uint Unknown = 0x7000_0000;
    private const uint Last = uint.MaxValue;

    private readonly Dictionary<int, uint> _ids = [];
    private readonly List<(MySqlModelStep? Step, byte Command)> _sent = [];

    /// <summary>Every number that was given since the last <see cref="ForgetNumbers"/>.</summary>
    public List<uint> Given { get; } = [];

    public bool IsGateway => setupText is null;

    public async Task SendAsync(MySqlModelStep step)
    {
        var command = step is { IsRefused: true } && !IsGateway ? step.Instead : Command(step);
        if (step.Command is CommandCode.StatementPrepare && step.Slot is { } slot) _ids.Remove(slot);
        if (command is null) return;
        await client.SendPacketAsync(0, command);
        if (step.Command is not (CommandCode.StatementClose or CommandCode.StatementSendLongData)) _sent.Add((step, step.Command));
        if (step.Command is not CommandCode.ResetConnection) return;
        _ids.Clear();
        if (setupText is null) return;
        await client.SendPacketAsync(0, [CommandCode.Query, .. setupText]);
        _sent.Add((null, CommandCode.Query));
    }

    /// <summary>The replies to everything that was sent and has one.</summary>
    public async Task<List<(MySqlModelStep Step, IReadOnlyList<MySqlPacket> Reply)>> ReceiveAsync()
    {
        var replies = new List<(MySqlModelStep, IReadOnlyList<MySqlPacket>)>();
        foreach (var (step, command) in _sent)
        {
            var reply = await client.ReplyAsync(command, deprecatesEof: false);
            if (step is null) continue;
            if (command is CommandCode.StatementPrepare && reply[0].IsOk)
            {
                var id = BitConverter.ToUInt32(reply[0].Payload, 1);
                Given.Add(id);
                _ids[step.Slot!.Value] = id;
            }

            replies.Add((step, reply));
        }

        _sent.Clear();
        return replies;
    }

    /// <summary>Whether its number is known: it is not while the reply that tells it is under way.</summary>
    public bool CanSend(MySqlModelStep step) => step.Slot is not { } slot || step.Command is CommandCode.StatementPrepare || _sent.All(sent => sent.Step?.Slot != slot || sent.Command is not CommandCode.StatementPrepare);

    /// <summary>The reply to one command that no sequence has.</summary>
    public async Task<IReadOnlyList<MySqlPacket>> AskAsync(byte[] command)
    {
        await client.SendPacketAsync(0, command);
        return await client.ReplyAsync(command[0], deprecatesEof: false);
    }

    public void ForgetNumbers()
    {
        Given.Clear();
        _ids.Clear();
    }

    private byte[] Command(MySqlModelStep step)
    {
        if (step.Command is CommandCode.InitDb) return [step.Command, .. Encoding.ASCII.GetBytes(database)];
        if (step.IsForLast) return [step.Command, .. BitConverter.GetBytes(Last), .. step.Body];
        return step.Slot is { } slot && step.Command is not CommandCode.StatementPrepare
            ? [step.Command, .. BitConverter.GetBytes(_ids.GetValueOrDefault(slot, Unknown)), .. step.Body]
            : [step.Command, .. step.Body];
    }
}
