using System.Globalization;
using NUnit.Framework;
using Proxy.Core.Journal.Reading;
using Proxy.Core.Journal.Records;
using Proxy.Host.Evidence;
using Proxy.Tests.Host.Evidence;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Evidence;

/// <summary>A journal whose keys are in KMS: the audit's commands take them from there, for whom KMS lets, and for nobody else.</summary>
public sealed class KmsAuditTests
{
    private const string Secret = "in the record";

    [Test]
    public async Task Who_may_use_the_keys_reads_records_that_and_exports_and_nobody_else_does()
    {
        var server = await SharedServers.PostgresAsync();
        await using var kms = new AwsEndpoint();
        await using var gateway = await PhiGateProcess.StartAsync(new PhiGateOptions
        {
            Server = server,
            Database = await server.CreateDatabaseAsync(),
            Journal = $"kms: {{ sealing-key: key, signing-key: key, region: us-east-1, service-url: '{kms.Url}' }}",
            Environment = AwsEndpoint.Credentials,
        });
        await using (var client = await WireClient.OpenAsync(gateway.Endpoint()))
            await client.QueryAsync($"select '{Secret}'");
        Assert.That(await gateway.StopAsync(), Is.Zero);
        var journal = gateway.JournalDirectory;
        var (number, session) = IntentIn(journal);

        Assert.That((await AuditAsync(gateway, "show", journal, number)).Output, Does.Contain(Secret));
        Assert.That((await AuditAsync(gateway, "prove", journal, number)).Output, Does.Contain(Secret).And.Contain("holds under the key"));
        Assert.That((await AuditAsync(gateway, "replay", journal, session)).Output, Does.Contain(Secret));
        Assert.That((await AuditAsync(gateway, "verify", journal)).Output, Does.Contain("the journal is whole"));
        Assert.That((await AuditAsync(gateway, "verify", AuditReads.DirectoryFor(journal))).Output, Does.Contain("3 records").And.Contain("the journal is whole"));
        var export = Path.Combine(gateway.ConfigurationDirectory, "export");
        Assert.That((await AuditAsync(gateway, "export", journal, "--output", export)).ExitCode, Is.Zero);
        Assert.That((await Command.RunAsync(PhiGateProcess.Program, ["audit", "report", "integrity", export])).ExitCode, Is.Zero);

        kms.IsOut = true;
        var refused = await AuditAsync(gateway, "show", journal, number, "--unrecorded");
        Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((1, "")));
        Assert.That(refused.Errors, Does.Contain("KMS does not unwrap"));
        Assert.That((await AuditAsync(gateway, "search", journal)).ExitCode, Is.EqualTo(1), "what cannot be recorded is not read");
    }

    private static Task<CommandResult> AuditAsync(PhiGateProcess gateway, params string[] arguments) =>
        Command.RunAsync(PhiGateProcess.Program, ["audit", .. arguments, "--config", gateway.ConfigurationDirectory], environment: AwsEndpoint.Credentials);

    private static (string Number, string Session) IntentIn(string journal)
    {
        using var reader = new JournalReader(journal);
        while (reader.Read() is var step and not JournalReadResult.End)
            if (step is JournalReadResult.Record && RecordDecoder.Decode(reader.Entry) is DecodedIntent intent)
                return (reader.Entry.Number.ToString(CultureInfo.InvariantCulture), intent.SessionId.ToString());
        throw new AssertionException("there is no statement");
    }
}
