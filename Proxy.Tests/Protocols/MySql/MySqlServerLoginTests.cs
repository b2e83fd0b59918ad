using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Protocols.MySql;
using Proxy.Protocols.MySql.Messages;
using Proxy.Tests.Support;

namespace Proxy.Tests.Protocols.MySql;

/// <summary>PhiGate proves its password to a server by the plugin that the server asks for, and sends it in clear inside TLS only.</summary>
public sealed class MySqlServerLoginTests
{
    private static readonly byte[] Password = Encoding.UTF8.GetBytes("server secret");
    private static readonly byte[] Scramble = Encoding.ASCII.GetBytes("abcdefghijklmnopqrst");
    private static readonly byte[] OkPayload = [0, 0, 0, 2, 0, 0, 0];

    [Test]
    public async Task Caching_sha2_from_its_cache_is_proven_by_the_scramble() => await LogInAsync("caching_sha2_password", async server =>
    {
        var response = await server.ReadResponseAsync();
        var once = SHA256.HashData(Password);
        var proof = SHA256.HashData([.. SHA256.HashData(once), .. Scramble]);
        for (var i = 0; i < proof.Length; i++) proof[i] ^= once[i];
        Assert.That(response.Authentication, Is.EqualTo(proof));
        await server.SendAsync([1, 3]);
        await server.SendAsync(OkPayload);
    });

    [Test]
    public async Task Caching_sha2_in_full_gets_the_password_inside_TLS() => await LogInAsync("caching_sha2_password", async server =>
    {
        await server.ReadResponseAsync();
        await server.SendAsync([1, 4]);
        Assert.That(await server.ReadAsync(), Is.EqualTo((byte[])[.. Password, 0]));
        await server.SendAsync(OkPayload);
    });

    [Test]
    public async Task A_switch_to_another_plugin_is_followed([Values("mysql_native_password", "client_ed25519", "mysql_clear_password", "caching_sha2_password")] string plugin) =>
        await LogInAsync("mysql_native_password", async server =>
        {
            await server.ReadResponseAsync();
            await server.SendAsync([0xFE, .. Encoding.ASCII.GetBytes(plugin), 0, .. Encoding.ASCII.GetBytes("ABCDEFGHIJKLMNOPQRST"), 0]);
            var proof = await server.ReadAsync();
            Assert.That(proof, Has.Length.EqualTo(plugin switch { "mysql_native_password" => 20, "client_ed25519" => 64, "mysql_clear_password" => Password.Length + 1, _ => 32 }));
            await server.SendAsync(OkPayload);
        });

    [Test]
    public void A_plugin_that_is_not_supported_ends_the_login() => Assert.That(
        () => LogInAsync("mysql_native_password", async server =>
        {
            await server.ReadResponseAsync();
            await server.SendAsync([0xFE, .. "dialog"u8, 0, .. "x"u8, 0]);
        }),
        Throws.InstanceOf<ServerLoginException>().With.Message.Contains("plugin that is not supported"));

    [Test]
    public void Without_TLS_the_password_itself_is_never_sent() => Assert.That(
        () => LogInAsync("caching_sha2_password", async server =>
        {
            await server.ReadResponseAsync();
            await server.SendAsync([1, 4]);
        }, requiresTls: false),
        Throws.InstanceOf<ServerLoginException>().With.Message.Contains("outside TLS"));

    [Test]
    public void A_server_that_asks_for_ever_is_given_up() => Assert.That(
        () => LogInAsync("mysql_native_password", async server =>
        {
            await server.ReadResponseAsync();
            for (var i = 0; i < 20; i++)
            {
                await server.SendAsync([0xFE, .. "mysql_native_password"u8, 0, .. Scramble, 0]);
                if (await server.ReadAsync() is null) return;
            }
        }),
        Throws.InstanceOf<ServerLoginException>());

    [Test]
    public void A_server_that_lacks_what_clients_were_offered_is_refused() => Assert.That(
        () => LogInAsync("mysql_native_password", _ => Task.CompletedTask, asked: Capabilities.DeprecateEof | Capabilities.SessionTrack, offered: ~Capabilities.SessionTrack),
        Throws.InstanceOf<ServerLoginException>().With.Message.Contains("SessionTrack"));

    private static async Task LogInAsync(
        string plugin, Func<ScriptedLogin, Task> authenticate, bool requiresTls = true, Capabilities asked = Capabilities.None, Capabilities offered = ~Capabilities.None)
    {
        await using var pair = new DuplexPipePair();
        var script = Task.Run(async () =>
        {
            var server = new ScriptedLogin(pair.Far, requiresTls);
            await server.GreetAsync(plugin, Scramble, offered & (MySqlStartup.Understood | Capabilities.Tls));
            await authenticate(server);
            await server.BeginAsync(OkPayload);
        });
        var client = new HandshakeResponse { Capabilities = asked, Collation = 45 };
        var greeting = new TargetGreeting(_ => throw new NotSupportedException("There is one connection."));
        try
        {
            var session = await new MySqlServerLogin(pair.Near, greeting, requiresTls).RunAsync(client, "user", [.. Password], "db", SessionSettings.None, CancellationToken.None);
            Assert.That(session.State, Is.EqualTo(new ServerSessionState("ANSI_QUOTES", "utf8mb4", "utf8mb4_general_ci", FoldsRelationNames: false)));
        }
        finally
        {
            await pair.Near.DisposeAsync();
        }

        await script;
    }
}
