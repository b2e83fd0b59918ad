using System.Globalization;
using System.Text;
using Amazon.Runtime;
using NUnit.Framework;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.ServerCredentials;
using Proxy.Host.Transport;
using Proxy.Host.Transport.Tls;
using Proxy.Tests.Support;
using Proxy.Tests.Support.MySql;
using PostgresServerLogin = Proxy.Protocols.Postgres.PostgresServerLogin;
using ScramKeyCache = Proxy.Protocols.Postgres.ScramKeyCache;

namespace Proxy.Tests.Live.Identity;

/// <summary>
/// RDS IAM tokens where RDS takes them: in clear inside TLS, by mysql_clear_password and by PostgreSQL's cleartext password. The server is a script that accepts
/// a token as RDS does: signed with the user's key for this host, region and user, within the last fifteen minutes.
/// </summary>
public sealed class RdsLoginTests
{
    private const string Region = "eu-central-1";
    private const string User = "phigate_iam";
    private const string AccessKey = "AKIAIOSFODNN7EXAMPLE";
    private const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Session = "IQoJb3JpZ2luX2VjEA0aCWV1LWNlbnRyYWwtMSJHMEUCIQ/+=";

    private static readonly NetworkAddress Instance = new("db.abc.eu-central-1.rds.amazonaws.com", 5432);

    [Test]
    public async Task PostgreSQL_takes_the_token_as_a_cleartext_password_inside_TLS()
    {
        string? shown = null;
        await using var server = new ScriptedServer(async session =>
        {
            await session.ReadStartupAsync();
            await session.SendAsync(PostgresReplies.AuthenticationCleartextPassword());
            shown = Encoding.UTF8.GetString((await session.ReceiveAsync())!.Body).TrimEnd('\0');
            if (IsAccepted(shown, session.IsEncrypted))
                await session.SendAsync(PostgresReplies.AuthenticationOk(), PostgresReplies.BackendKeyData(1, [1, 2, 3, 4]), PostgresReplies.ReadyForQuery());
        });
        await using var connection = await DialAsync(server.Port);

        var greeting = await new PostgresServerLogin(connection, requiresTls: true, new ScramKeyCache()).RunAsync(
            [new("user", User), new("database", "hospital")], User, Encoding.UTF8.GetBytes(await TokenAsync()), CancellationToken.None);

        Assert.That(greeting, Is.Not.Null);
        Assert.That(IsAccepted(shown!.Replace("DBUser=phigate_iam", "DBUser=admin", StringComparison.Ordinal), isEncrypted: true), Is.False, "the script does look");
    }

    [Test]
    public async Task MySQL_takes_the_token_by_mysql_clear_password_inside_TLS_and_the_client_is_in()
    {
        string? shown = null;
        await using var server = new ScriptedServer(async session =>
        {
            await session.SendAsync(MySqlScript.Greeting(offersTls: true));
            await session.ReadBytesAsync(MySqlScript.TlsRequestBytes);
            await session.UpgradeAsync(TestCertificates.Shared.Server);
            var sequence = (await MySqlScript.ReadAsync(session)).Sequence;
            await session.SendAsync(MySqlWireClient.Packet(++sequence, [0xFE, .. "mysql_clear_password"u8, 0]));
            var password = await MySqlScript.ReadAsync(session);
            shown = Encoding.UTF8.GetString(password.Payload).TrimEnd('\0');
            sequence = (byte)(password.Sequence + 1);
            await session.SendAsync(MySqlWireClient.Packet(sequence, IsAccepted(shown, session.IsEncrypted) ? MySqlScript.Ok : MySqlScript.AccessDenied));
            await MySqlScript.BeginAsync(session);
            await session.StallAsync();
        });
        var account = new MariaDbUser(User, await TokenAsync(), "AWSAuthenticationPlugin");
        await using var gateway = await MySqlGatewayHarness.StartAsync(server.Port, "hospital", new LenientFrontEnd(), new LenientJudge(masks: false), account);
        await using var client = await MySqlWireClient.ConnectAsync("127.0.0.1", gateway.Endpoint.Port);
        await client.LogInAsync(gateway.Endpoint);

        Assert.That(client.LoginReply.IsOk, Is.True, client.LoginReply.ToString());
        Assert.That(shown, Is.EqualTo(account.Password));
    }

    /// <summary>As the gateway has it for a login.</summary>
    private static async Task<string> TokenAsync()
    {
        var source = new RdsTokenSource(Instance, Region, User, () => new SessionAWSCredentials(AccessKey, SecretKey, Session), TimeProvider.System);
        return (await source.FetchAsync(CancellationToken.None)).Password.Reveal();
    }

    private static bool IsAccepted(string token, bool isEncrypted)
    {
        const string Name = "X-Amz-Date=";
        var at = token.IndexOf(Name, StringComparison.Ordinal);
        if (!isEncrypted || at < 0) return false;
        var signed = DateTimeOffset.ParseExact(token.AsSpan(at + Name.Length, 16), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return token == Encoding.ASCII.GetString(RdsToken.Create(Instance.Host, Instance.Port, Region, User, AccessKey, SecretKey, Session, signed))
            && TimeProvider.System.GetUtcNow() - signed < RdsToken.Lifetime;
    }

    private static async Task<SocketConnection> DialAsync(int port) => await new ServerDialer(
        "127.0.0.1", port,
        new SocketConnectionOptions { ClientTls = new ClientTls(ClientTlsMode.VerifyFull, "localhost", TestCertificates.Shared.AuthorityPath) },
        TimeSpan.FromSeconds(30)).ConnectAsync(CancellationToken.None);
}
