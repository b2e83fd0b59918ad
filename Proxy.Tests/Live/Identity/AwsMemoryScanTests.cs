using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Proxy.Core.Journal.Records;
using Proxy.Host.Identity;
using Proxy.Host.ServerCredentials;
using Proxy.Tests.Host.ServerCredentials;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Identity;

/// <summary>
/// What is left of AWS's secrets when sessions are over that used them: RDS tokens, the keys that sign them, a password in Systems Manager; in logs, record and core dumps.
/// What libraries keep (AWS's, and the catalogue's drivers) is said in docs/identity.md, and counted here.
/// </summary>
public sealed class AwsMemoryScanTests
{
    private const int Sessions = 20;
    private const string Region = "eu-central-1";
    private const string AccessKey = "AKIAIOSFODNN7CANARY1";
    private const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYCANARYKEY1";
    private const string SessionToken = "IQoJb3JpZ2luX2VjEA0aCWV1LWNlbnRyYWwtMSJHMEUCIQCANARY/SESSION+TOKEN=";
    private const string StoredPassword = "canary-of-systems-manager-1";

    private const string Rules = """
        version: 1
        rules:
          - name: stored
            who: { groups: [stored] }
            risk: { within: [read, bulk-read, session] }
            verdict: allow
            profile: unmasked
            session: { database-user: stored_user }
          - name: others
            risk: { within: [read, bulk-read, session] }
            verdict: allow
            profile: unmasked
        """;

    [Test]
    public async Task Keys_that_sign_RDS_tokens_are_in_no_dump_and_none_of_AWSs_secrets_is_printed_or_in_the_other_process()
    {
        using var dumps = new CoreDumps();
        await using var aws = new ContainerCredentialEndpoint(AccessKey, SecretKey, SessionToken);
        await using var store = new ParameterStoreEndpoint { Parameters = { ["/phigate/stored"] = StoredPassword } };
        var port = 0;
        await using var rds = new SimpleBindServer(token => IsToken(token, port));
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            FirstAuthenticationRules = $"hostssl all iam_user all ldap ldapserver=127.0.0.1 ldapport={rds.Port} ldapprefix=\"cn=\" ldapsuffix=\"\"\n",
        });
        port = server.Port;
        var database = await server.CreateDatabaseAsync("aws");
        await server.ExecuteAsync(database, $"create role iam_user login; create role stored_user login password '{StoredPassword}'");
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            User = new TestUser("iam_user", "", "ldap"),
            Database = database,
            Rules = Rules,
            Credential = $"{{ rds-iam: {{ region: {Region} }} }}",
            Target = $"database-users: {{ stored_user: {{ aws-parameter: {{ name: /phigate/stored, region: {Region}, service-url: {store.Url}, cache-seconds: 1 }} }} }}",
            AllowsCoreDumps = true,
            Environment = new Dictionary<string, string?>(dumps.Environment) { ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = aws.Url, ["AWS_EC2_METADATA_DISABLED"] = "true" },
        });
        for (var i = 0; i < Sessions; i++)
            Assert.That((await Psql.RunAsync(EndpointOf(gateway, i % 2 == 0 ? "iam" : "stored"), "select session_user", "-At")).Output, Is.EqualTo(i % 2 == 0 ? "iam_user\n" : "stored_user\n"));
        store.Error = "AccessDeniedException";
        await Task.Delay(TimeSpan.FromSeconds(1.5), CancellationToken.None); // What is cached has to be asked for again, and cannot be had.
        await Psql.RunAsync(EndpointOf(gateway, "stored"), "select 1");
        await Eventually.IsTrueAsync(
            async () => (await RecordedEvents.OfAsync<DecodedSessionClosed>(gateway.JournalDirectory)).Count >= Sessions, "the sessions are over");

        var (ours, tokens) = (Ours(rds.Passwords), Tokens(rds.Passwords));
        var data = await dumps.WriteAsync(gateway.DataPlaneProcessId);
        var control = await dumps.WriteAsync(gateway.ProcessId);
        var left = await ours.FindAsync(data);
        var drivers = await tokens.FindAsync(data);
        var libraries = await Libraries(new SecretSearch()).FindAsync(data);
        TestContext.Out.WriteLine(string.Join('\n', drivers.Concat(libraries)));

        Assert.That(rds.Passwords.Distinct().ToList(), Is.Not.Empty.And.All.Matches<string>(token => IsToken(token!, port)));
        Assert.That(left, Is.Empty, string.Join('\n', left));
        var everything = Libraries(tokens);
        Assert.That(await everything.FindAsync(control), Is.Empty, "the process with HTTP asks AWS for nothing");
        await gateway.StopAsync();
        foreach (var file in Directory.GetFiles(gateway.JournalDirectory).Where(static file => Path.GetExtension(file) is not (".sock" or ".lock")))
            Assert.That(await everything.FindAsync(file), Is.Empty, file);
        Assert.That(new[] { SecretKey, SessionToken, StoredPassword, "X-Amz-Signature" }.Where(secret => gateway.Output.Contains(secret, StringComparison.Ordinal)), Is.Empty);
        Proof.Record("Secrets in core dumps, AWS", string.Create(CultureInfo.InvariantCulture,
            $"no key that signed {rds.Passwords.Distinct().Count()} RDS tokens; the catalogue's driver left {drivers.Count} copies of a token that it sent, AWS's library has {libraries.Count} of its credentials and of a parameter's answer"));
    }

    private static ClientEndpoint EndpointOf(PhiGateProcess gateway, string group) =>
        gateway.EndpointWith(gateway.Sign(new DevelopmentTokenRequest { Subject = $"agent-{group}", Groups = [group] }));

    /// <summary>What sessions sent. The catalogue's driver sends the same ones, and makes arrays of them that nobody can clear.</summary>
    private static SecretSearch Tokens(IEnumerable<string> tokens)
    {
        var search = new SecretSearch();
        foreach (var token in tokens.Distinct())
            search.Text("an RDS token", token[(token.IndexOf("X-Amz-Signature=", StringComparison.Ordinal) + 16)..]);
        return search;
    }

    /// <summary>What is derived from the secret key to sign RDS tokens, for the service alone: AWS's library derives keys for the day and the region, too.</summary>
    private static SecretSearch Ours(IEnumerable<string> tokens)
    {
        var search = new SecretSearch();
        foreach (var (token, i) in tokens.Distinct().Select((token, i) => (token, i)))
        {
            var key = Encoding.UTF8.GetBytes("AWS4" + SecretKey);
            foreach (var part in new[] { token[(token.IndexOf("X-Amz-Date=", StringComparison.Ordinal) + 11)..][..8], Region, "rds-db", "aws4_request" })
            {
                key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
                if (part is "rds-db" or "aws4_request")
                    search.Bytes($"a signing key of token {i}, {part}", key);
            }
        }
        return search;
    }

    /// <summary>What AWS's library has, or had: it is not told to forget.</summary>
    private static SecretSearch Libraries(SecretSearch beside) => beside
        .Text("the secret access key", SecretKey).Text("the session token", SessionToken).Text("the session token, escaped", Uri.EscapeDataString(SessionToken))
        .Text("the parameter's value", StoredPassword);

    private static bool IsToken(string token, int port)
    {
        const string Name = "X-Amz-Date=";
        var at = token.IndexOf(Name, StringComparison.Ordinal);
        if (at < 0)
            return false;
        var signed = DateTimeOffset.ParseExact(token.AsSpan(at + Name.Length, 16), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return token == Encoding.ASCII.GetString(RdsToken.Create(PostgresServer.Host, port, Region, "iam_user", AccessKey, SecretKey, SessionToken, signed));
    }
}
