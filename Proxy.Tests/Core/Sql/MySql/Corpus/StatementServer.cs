using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>
/// A connection that asks a server about statements without running them: COM_STMT_PREPARE says whether it understands one, and how many columns the
/// answer would have, which no driver tells.
/// </summary>
internal sealed class StatementServer : IAsyncDisposable
{
    private const byte Query = 3;
    private const byte Prepare = 22;
    private const byte Close = 25;
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private byte[] _buffer = new byte[64 * 1024];

    private StatementServer(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    public static async Task<StatementServer> ConnectAsync(string host, int port, string user, string password)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host, port);
        var server = new StatementServer(socket);
        await server.SignInAsync(user, password);
        return server;
    }

    /// <summary>Runs a statement. 0, or the number of the error.</summary>
    public async Task<int> RunAsync(string sql)
    {
        await SendAsync(Query, Encoding.UTF8.GetBytes(sql));
        var first = await ReceiveAsync();
        while (true)
        {
            if (first.Span[0] == 0xFF)
                return BinaryPrimitives.ReadUInt16LittleEndian(first.Span[1..]);
            if (first.Span[0] == 0)
                return 0;
            // Column definitions and rows, each ended by an EOF packet.
            for (var ends = 0; ends < 2;)
            {
                var packet = await ReceiveAsync();
                if (packet.Span[0] == 0xFF)
                    return BinaryPrimitives.ReadUInt16LittleEndian(packet.Span[1..]);
                if (packet.Span[0] == 0xFE && packet.Length < 9)
                    ends++;
            }
            return 0;
        }
    }

    /// <summary>The rows of a query whose values are all there, none longer than 250 bytes; empty where it fails.</summary>
    public async Task<List<string[]>> ReadAsync(string sql)
    {
        await SendAsync(Query, Encoding.UTF8.GetBytes(sql));
        var rows = new List<string[]>();
        var first = await ReceiveAsync();
        if (first.Span[0] is 0xFF or 0)
            return rows;
        var columns = (int)first.Span[0];
        for (var i = 0; i <= columns; i++)
            await ReceiveAsync(); // Definitions, and the EOF behind them.
        while (await ReceiveAsync() is { Span: [not (0xFE or 0xFF), ..] } row)
            rows.Add(ValuesOf(row.Span, columns));
        return rows;
    }

    /// <summary>The number of the error, or 0 and the number of columns.</summary>
    public async Task<(int Error, int Columns, List<string> Names)> PrepareAsync(string sql)
    {
        await SendAsync(Prepare, Encoding.UTF8.GetBytes(sql));
        var packet = await ReceiveAsync();
        if (packet.Span[0] == 0xFF)
            return (BinaryPrimitives.ReadUInt16LittleEndian(packet.Span[1..]), -1, []);
        var id = packet[1..5].ToArray();
        int columns = BinaryPrimitives.ReadUInt16LittleEndian(packet.Span[5..]);
        int parameters = BinaryPrimitives.ReadUInt16LittleEndian(packet.Span[7..]);
        for (var i = 0; parameters > 0 && i <= parameters; i++)
            await ReceiveAsync();
        var names = new List<string>(columns);
        for (var i = 0; columns > 0 && i <= columns; i++)
        {
            packet = await ReceiveAsync();
            if (i < columns)
                names.Add(NameIn(packet.Span));
        }
        await SendAsync(Close, id);
        return (0, columns, names);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    /// <summary>The fifth of the length-encoded strings that a column definition begins with.</summary>
    private static string NameIn(ReadOnlySpan<byte> definition)
    {
        for (var i = 0; ; i++)
        {
            int length = definition[0];
            var start = 1;
            if (length == 0xFC)
                (length, start) = (BinaryPrimitives.ReadUInt16LittleEndian(definition[1..]), 3);
            if (i == 4)
                return Encoding.UTF8.GetString(definition.Slice(start, length));
            definition = definition[(start + length)..];
        }
    }

    private static string[] ValuesOf(ReadOnlySpan<byte> row, int columns)
    {
        var values = new string[columns];
        for (var i = 0; i < columns; i++)
        {
            int length = row[0];
            values[i] = Encoding.UTF8.GetString(row.Slice(1, length));
            row = row[(1 + length)..];
        }
        return values;
    }

    private async Task SignInAsync(string user, string password)
    {
        var greeting = (await ReceiveAsync()).ToArray();
        var end = Array.IndexOf(greeting, (byte)0, 1);
        var scramble = new byte[20];
        greeting.AsSpan(end + 5, 8).CopyTo(scramble);
        greeting.AsSpan(end + 5 + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 10, 12).CopyTo(scramble.AsSpan(8));
        const uint Capabilities = 0x1 | 0x4 | 0x200 | 0x2000 | 0x8000 | 0x80000;
        var response = new List<byte>();
        response.AddRange(BitConverter.GetBytes(Capabilities));
        response.AddRange(BitConverter.GetBytes(16 * 1024 * 1024));
        response.Add(45);
        response.AddRange(new byte[23]);
        response.AddRange(Encoding.UTF8.GetBytes(user));
        response.Add(0);
        var secret = Scrambled(password, scramble);
        response.Add((byte)secret.Length);
        response.AddRange(secret);
        response.AddRange("mysql_native_password\0"u8.ToArray());
        await SendPacketAsync([.. response], sequence: 1);
        if ((await ReceiveAsync()).Span[0] != 0)
            throw new InvalidOperationException("The server refused the account.");
    }

    // SHA1 is what this method of authentication is made of; the account is the test server's.
#pragma warning disable CA5350
    private static byte[] Scrambled(string password, byte[] scramble)
    {
        if (password.Length == 0)
            return [];
        var once = SHA1.HashData(Encoding.UTF8.GetBytes(password));
        var mixed = SHA1.HashData([.. scramble, .. SHA1.HashData(once)]);
        for (var i = 0; i < once.Length; i++)
            once[i] ^= mixed[i];
        return once;
    }
#pragma warning restore CA5350

    private Task SendAsync(byte command, byte[] payload) => SendPacketAsync([command, .. payload], sequence: 0);

    private async Task SendPacketAsync(byte[] payload, byte sequence)
    {
        var packet = new byte[payload.Length + 4];
        BinaryPrimitives.WriteInt32LittleEndian(packet, payload.Length);
        packet[3] = sequence;
        payload.CopyTo(packet, 4);
        await _stream.WriteAsync(packet);
    }

    private async Task<ReadOnlyMemory<byte>> ReceiveAsync()
    {
        await _stream.ReadExactlyAsync(_buffer.AsMemory(0, 4));
        var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer) & 0xFFFFFF;
        if (length > _buffer.Length)
            _buffer = new byte[length];
        await _stream.ReadExactlyAsync(_buffer.AsMemory(0, length));
        return _buffer.AsMemory(0, length);
    }
}
