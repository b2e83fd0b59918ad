using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Proxy.Protocols.Postgres;
using Proxy.Tests.Support;
using ServerSide = Proxy.Tests.Support.PostgresReplies;

namespace Proxy.Tests.Protocols.Postgres.Transcripts;

/// <summary>How the gateway signs in to a server, whose every message is cut at every point.</summary>
public sealed class ServerLoginTests
{
    private const string Password = "the gateway's password";

    private static readonly byte[] Greeting =
    [
        .. ServerSide.AuthenticationOk(), .. ServerSide.ParameterStatus("server_version", "15.0"), .. ServerSide.Notice("00000", "welcome"),
        .. ServerSide.BackendKeyData(4711, [1, 2, 3, 4]), .. ServerSide.ReadyForQuery(),
    ];

    private static readonly byte[] ChannelBinding = TestCertificates.Shared.Server.GetCertHash(HashAlgorithmName.SHA256);

    private readonly ScramKeyCache _keys = new(); // Deriving the key once a cut would take most of the test.

    private static IEnumerable<TestCaseData> Methods()
    {
        yield return Method("no password", true, () => [_ => Greeting]);
        yield return Method("cleartext within TLS", true, () => [_ => ServerSide.AuthenticationCleartextPassword(), answer => Expect(answer, Password, Greeting)]);
        yield return Method("md5", true, () => [_ => ServerSide.AuthenticationMd5Password([1, 2, 3, 4]), answer => Expect(answer, Md5(), Greeting)]);
        yield return Method("md5 in plaintext", false, () => [_ => ServerSide.AuthenticationMd5Password([1, 2, 3, 4]), answer => Expect(answer, Md5(), Greeting)]);
        yield return Method("SCRAM-SHA-256 within TLS", true, () => Scram(["SCRAM-SHA-256"], []));
        yield return Method("SCRAM-SHA-256 in plaintext", false, () => Scram(["SCRAM-SHA-256"], []));
        yield return Method("SCRAM-SHA-256-PLUS", true, () => Scram(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"], ChannelBinding));
    }

    [TestCaseSource(nameof(Methods))]
    public async Task A_login_goes_the_same_wherever_the_server_is_cut(bool isEncrypted, Func<Func<byte[], byte[]>[]> server)
    {
        var steps = server().Length;
        var isOver = false;
        for (var cut = 0; !isOver; cut++)
        {
            isOver = true;
            for (var step = 0; step < steps; step++)
                isOver &= !await PlayAsync(isEncrypted, server(), step, cut);
        }
    }

    [Test]
    public async Task A_cleartext_password_is_not_sent_in_plaintext()
    {
        await using var pair = new DuplexPipePair();
        var login = new PostgresServerLogin(pair.Near, requiresTls: false, _keys).RunAsync([new("user", "gateway")], "gateway", Encoding.UTF8.GetBytes(Password), CancellationToken.None);
        await ReadAsync(pair.Far.Input, isUntyped: true);

        await pair.Far.Output.WriteAsync(ServerSide.AuthenticationCleartextPassword());

        Assert.That(async () => await login, Throws.InstanceOf<ServerLoginException>().With.Message.Contains("cleartext"));
    }

    [Test]
    public async Task A_server_that_does_not_know_the_password_is_not_believed()
    {
        await using var pair = new DuplexPipePair();
        var login = new PostgresServerLogin(pair.Near, requiresTls: false, _keys).RunAsync([new("user", "gateway")], "gateway", Encoding.UTF8.GetBytes(Password), CancellationToken.None);
        await ReadAsync(pair.Far.Input, isUntyped: true);
        var impostor = new ScramServer(Password, []);
        await pair.Far.Output.WriteAsync(Offer(["SCRAM-SHA-256"]));
        var first = impostor.First(Encoding.UTF8.GetString((await ReadAsync(pair.Far.Input, isUntyped: false))["SCRAM-SHA-256\0".Length..][4..]));
        await pair.Far.Output.WriteAsync(Sasl(11, first));
        await ReadAsync(pair.Far.Input, isUntyped: false);

        await pair.Far.Output.WriteAsync(Sasl(12, $"v={Convert.ToBase64String(new byte[32])}"));
        await pair.Far.Output.WriteAsync(Greeting);

        Assert.That(async () => await login, Throws.InstanceOf<ServerLoginException>().With.Message.Contains("does not know the password"));
    }

    /// <returns>Whether there was something to cut there.</returns>
    private async Task<bool> PlayAsync(bool isEncrypted, Func<byte[], byte[]>[] steps, int cutStep, int cut)
    {
        await using var pair = new DuplexPipePair();
        pair.Near.EndPointCertificate = isEncrypted ? TestCertificates.Shared.Server : null;
        var login = new PostgresServerLogin(pair.Near, isEncrypted, _keys).RunAsync(
            [new("user", "gateway")], "gateway", Encoding.UTF8.GetBytes(Password), CancellationToken.None);
        if (isEncrypted)
        {
            await ReadAsync(pair.Far.Input, isUntyped: true);
            await pair.Far.Output.WriteAsync("S"u8.ToArray());
        }

        var received = await ReadAsync(pair.Far.Input, isUntyped: true);
        var isCut = false;
        for (var i = 0; i < steps.Length; i++)
        {
            if (i > 0) received = await ReadAsync(pair.Far.Input, isUntyped: false);
            var answer = steps[i](received);
            var at = i == cutStep && cut < answer.Length ? cut : 0;
            isCut |= i == cutStep && cut < answer.Length;
            if (at > 0) await pair.Far.Output.WriteAsync(answer.AsMemory(0, at));
            await pair.Far.Output.WriteAsync(answer.AsMemory(at));
        }

        var greeting = await login.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That((greeting.CancelKey.ProcessId, greeting.Parameters["server_version"]), Is.EqualTo((4711, "15.0")), $"step {cutStep} cut at {cut}");
        Assert.That(greeting.Messages, Is.EqualTo(ServerSide.ParameterStatus("server_version", "15.0")));
        return isCut;
    }

    private static Func<byte[], byte[]>[] Scram(string[] mechanisms, byte[] binding)
    {
        var server = new ScramServer(Password, binding);
        return
        [
            _ => Offer(mechanisms),
            answer =>
            {
                var name = answer.AsSpan().IndexOf((byte)0);
                Assert.That(Encoding.ASCII.GetString(answer.AsSpan(0, name)), Is.EqualTo(mechanisms[0]));
                return Sasl(11, server.First(Encoding.UTF8.GetString(answer.AsSpan(name + 5))));
            },
            answer => [.. Sasl(12, server.Final(Encoding.UTF8.GetString(answer))), .. Greeting],
        ];
    }

    private static byte[] Offer(string[] mechanisms)
    {
        var builder = new FrameBuilder('R').AddInt32(10);
        foreach (var mechanism in mechanisms)
            builder.AddText(mechanism);
        return builder.AddByte(0).ToBytes();
    }

    private static byte[] Sasl(int code, string text) => new FrameBuilder('R').AddInt32(code).AddBytes(Encoding.UTF8.GetBytes(text)).ToBytes();

    private static byte[] Expect(byte[] answer, string password, byte[] next)
    {
        Assert.That(Encoding.UTF8.GetString(answer), Is.EqualTo(password + "\0"));
        return next;
    }

    private static string Md5()
    {
#pragma warning disable CA5351 // The protocol's method, not ours.
        var inner = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(Password + "gateway")));
        return "md5" + Convert.ToHexStringLower(MD5.HashData([.. Encoding.ASCII.GetBytes(inner), 1, 2, 3, 4]));
#pragma warning restore CA5351
    }

    /// <summary>The body of the next message.</summary>
    private static async Task<byte[]> ReadAsync(PipeReader input, bool isUntyped)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var prefix = isUntyped ? 0 : 1;
        var read = await input.ReadAtLeastAsync(prefix + 4, deadline.Token);
        var length = BinaryPrimitives.ReadInt32BigEndian(System.Buffers.BuffersExtensions.ToArray(read.Buffer.Slice(prefix, 4)));
        if (read.Buffer.Length < prefix + length)
        {
            input.AdvanceTo(read.Buffer.Start);
            read = await input.ReadAtLeastAsync(prefix + length, deadline.Token);
        }

        var body = System.Buffers.BuffersExtensions.ToArray(read.Buffer.Slice(prefix + 4, length - 4));
        input.AdvanceTo(read.Buffer.GetPosition(prefix + length));
        return body;
    }

    private static TestCaseData Method(string name, bool isEncrypted, Func<Func<byte[], byte[]>[]> server) =>
        new TestCaseData(isEncrypted, server).SetArgDisplayNames(name);
}
