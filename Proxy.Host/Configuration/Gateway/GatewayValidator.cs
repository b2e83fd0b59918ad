using System.Collections.Immutable;
using System.Net;
using Proxy.Core.Journal;
using Proxy.Host.Configuration.Yaml;
using Proxy.Host.ServerCredentials;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>What the schema of gateway.yaml cannot say: names that refer to each other, files that must be there, and what has to be accepted in writing.</summary>
internal sealed class GatewayValidator(YamlDocument document, GatewayOptions options, ICollection<ConfigurationError> errors)
{
    /// <summary>sun_path of Linux, without its terminator.</summary>
    private const int UnixPathBytesMax = 107;

    public void Validate()
    {
        Listeners();
        foreach (var (name, target) in options.Targets)
            Target(YamlDocument.PathOf("targets", name), target);
        Sizes();
        Credential("/masking/key", options.Masking.Key);
        Issuers();
        Credentials();
        Streams();
        Replica();
        if (System.Text.Encoding.UTF8.GetByteCount(options.Admin.Socket ?? "") > UnixPathBytesMax)
            errors.Add(document.ErrorAt("/admin/socket", $"the path of a Unix socket has at most {UnixPathBytesMax} bytes: name a shorter one"));
    }

    private void Replica()
    {
        if (options.Journal.Durability is Durability.Replicated && options.Journal.Replica is null)
            errors.Add(document.ErrorAt("/journal/durability", "replicated needs somebody who keeps the second copy: write journal.replica"));
        if (options.Journal.Replica is not { } replica)
            return;
        if (options.Journal.Durability is not Durability.Replicated)
            errors.Add(document.ErrorAt("/journal/replica", "a replica is for durability: replicated, and has no effect without"));
        FileExists("/journal/replica/ca-file", replica.CaFile);
        FileExists("/journal/replica/certificate-file", replica.CertificateFile);
        FileExists("/journal/replica/key-file", replica.KeyFile);
    }

    private void Streams()
    {
        var names = new HashSet<string>();
        for (var i = 0; i < options.Journal.Streams.Length; i++)
        {
            var (stream, pointer) = (options.Journal.Streams[i], YamlDocument.PathOf("journal", "streams", $"{i}"));
            if (!names.Add(stream.Name))
                errors.Add(document.ErrorAt(pointer + "/name", $"a second stream named '{stream.Name}': they would share a position"));
            FileExists(pointer + "/syslog/ca-file", stream.Syslog?.CaFile);
            FileExists(pointer + "/ocsf/ca-file", stream.Ocsf?.CaFile);
            if (stream.Ocsf is not { } ocsf)
                continue;
            Credential(pointer + "/ocsf/token", ocsf.Token);
            if (ocsf.Url.Scheme is "http" && !ocsf.IAcceptPlaintext)
                errors.Add(document.ErrorAt(pointer + "/ocsf/url", "identities would travel unencrypted: use https, or write i-accept-plaintext: true"));
        }
    }

    private void Credentials()
    {
        if (options.Credentials is not { } desk)
            return;
        FileExists("/credentials/tls/certificate-file", desk.Tls.CertificateFile);
        FileExists("/credentials/tls/key-file", desk.Tls.KeyFile);
        ProxyProtocol("/credentials/proxy-protocol/networks", desk.ProxyProtocol?.Networks ?? []);
        if (desk.Address.Host is not "localhost" && !IPAddress.TryParse(desk.Address.Host, out _))
            errors.Add(document.ErrorAt("/credentials/address", "an endpoint needs an IP address, or localhost"));
        if (options.Listeners.All(static listener => listener.Tls is null))
            errors.Add(document.ErrorAt("/credentials", "no listener has TLS, so nobody could use a credential with channel binding: give one tls"));
    }

    private void Listeners()
    {
        var names = new HashSet<string>();
        var addresses = new HashSet<NetworkAddress>();
        for (var i = 0; i < options.Listeners.Length; i++)
        {
            var listener = options.Listeners[i];
            var pointer = YamlDocument.PathOf("listeners", $"{i}");
            if (!names.Add(listener.Name))
                errors.Add(document.ErrorAt(pointer + "/name", $"a second listener named '{listener.Name}'"));
            if (listener.Address.Port != 0 && !addresses.Add(listener.Address))
                errors.Add(document.ErrorAt(pointer + "/address", $"a second listener on {listener.Address}"));
            if (listener.Address.Host is not "localhost" && !IPAddress.TryParse(listener.Address.Host, out _))
                errors.Add(document.ErrorAt(pointer + "/address", "a listener needs an IP address, or localhost"));
            if (listener.Target is not null && !options.Targets.ContainsKey(listener.Target))
                errors.Add(document.ErrorAt(pointer + "/target", $"target '{listener.Target}' is not among the targets"));
            ListenerProtocol(pointer, listener);
            if (listener.Tls is null && !listener.IAcceptPlaintext)
                errors.Add(document.ErrorAt(
                    pointer, $"listener '{listener.Name}' has no tls: give it a certificate, or write i-accept-plaintext: true"));
            FileExists(pointer + "/tls/certificate-file", listener.Tls?.CertificateFile);
            FileExists(pointer + "/tls/key-file", listener.Tls?.KeyFile);
            ProxyProtocol(pointer + "/proxy-protocol/networks", listener.ProxyProtocol?.Networks ?? []);
            if (listener.Oauthbearer is { } oauth && options.Identity.Issuers.All(issuer => issuer.Name != oauth.Issuer))
                errors.Add(document.ErrorAt(pointer + "/oauthbearer/issuer", $"issuer '{oauth.Issuer}' is not among the issuers"));
        }
    }

    private void ProxyProtocol(string pointer, ImmutableArray<string> networks)
    {
        for (var i = 0; i < networks.Length; i++)
            if (!IPNetwork.TryParse(networks[i], out var network))
                errors.Add(document.ErrorAt($"{pointer}/{i}", $"'{networks[i]}' is no network: write it like 10.0.0.0/16, without bits behind the prefix"));
            else if (network.PrefixLength == 0)
                errors.Add(document.ErrorAt($"{pointer}/{i}", "this is everybody, and anybody could say where he comes from: name the networks of your load balancers"));
    }

    /// <summary>A MySQL server speaks first, and our greeting repeats the target's: so there it is one listener for each target.</summary>
    private void ListenerProtocol(string pointer, ListenerOptions listener)
    {
        if (listener.Protocol is WireProtocol.MySql && listener.Target is null)
            errors.Add(document.ErrorAt(pointer, $"listener '{listener.Name}' speaks mysql and needs a target: the greeting is the target's"));
        if (listener.Protocol is WireProtocol.MySql && listener.Oauthbearer is not null)
            errors.Add(document.ErrorAt(pointer + "/oauthbearer", "MySQL has no OAUTHBEARER: clients send the token as the password"));
        if (listener.Target is { } name && options.Targets.TryGetValue(name, out var target) && target.Protocol != listener.Protocol)
            errors.Add(document.ErrorAt(pointer + "/target", $"listener '{listener.Name}' speaks another protocol than target '{name}'"));
    }

    private void Target(string pointer, TargetOptions target)
    {
        if (target.Address.Port == 0)
            errors.Add(document.ErrorAt(pointer + "/address", "the port of a target cannot be 0"));
        Credential(pointer + "/credential", target.Credential, target);
        foreach (var (user, credential) in target.DatabaseUsers)
            if (user == target.DatabaseUser)
                errors.Add(document.ErrorAt(pointer + "/database-users", $"'{user}' is the database-user already"));
            else
                Credential(YamlDocument.PathOf("targets", target.Name, "database-users", user), credential, target);
        FileExists(pointer + "/tls/ca-file", target.Tls.CaFile);
        if (target.Tls is { Mode: TargetTlsMode.Require or TargetTlsMode.VerifyCa, IAcceptAnUnverifiedServer: false, Pins.IsEmpty: true })
            errors.Add(document.ErrorAt(
                pointer + "/tls/mode", "this does not verify which server answers: use verify-full, pins, or write i-accept-an-unverified-server: true"));
        if (target.Tls is { Mode: TargetTlsMode.Disable, IAcceptPlaintext: false })
            errors.Add(document.ErrorAt(
                pointer + "/tls/mode", "PHI and the password would travel unencrypted: use verify-full, or write i-accept-plaintext: true"));
        if (target.Tls is { Mode: TargetTlsMode.Disable, Pins.IsEmpty: false })
            errors.Add(document.ErrorAt(pointer + "/tls/pins", "without TLS there is no key to compare: use verify-full"));
        if (target.Tls is { Mode: TargetTlsMode.Require or TargetTlsMode.Disable, CaFile: not null })
            errors.Add(document.ErrorAt(pointer + "/tls/ca-file", "this mode verifies nothing, so a ca-file means nothing: use verify-full"));
    }

    private void Sizes()
    {
        // An intent carries the whole message and a few names; a message that is accepted must fit a record, or it could only be refused.
        const int Envelope = 65536;
        if (options.Journal.RecordBytesMax < (long)options.Limits.MessageBytesMax + Envelope)
            errors.Add(document.ErrorAt(
                "/journal/record-bytes-max",
                $"a record must hold the longest message: at least limits.message-bytes-max + {Envelope} = {(long)options.Limits.MessageBytesMax + Envelope}"));
        // The journal lets a record take a quarter of a segment at most, so that a roll-over wastes no more than that.
        if (options.Journal.SegmentBytes - Envelope < options.Journal.RecordBytesMax * 4L)
            errors.Add(document.ErrorAt(
                "/journal/segment-bytes", $"a segment must hold four of the longest records: at least 4 × record-bytes-max + {Envelope}"));
        if (options.Journal.Retention is { DocumentationDays: { } documentation, Days: var days } && documentation < days)
            errors.Add(document.ErrorAt("/journal/retention/documentation-days", "documentation goes with everything else at the earliest: at least days"));
        if (options.Journal.Retention is { ContentDays: { } content, Days: var recordDays } && content > recordDays)
            errors.Add(document.ErrorAt("/journal/retention/content-days", "content goes with its records at the latest: at most days"));
        if (options.Limits.StatementBytesMax > options.Limits.MessageBytesMax)
            errors.Add(document.ErrorAt("/limits/statement-bytes-max", "a statement cannot be longer than limits.message-bytes-max"));
    }

    private void Issuers()
    {
        var names = new HashSet<string>();
        var urls = new HashSet<string>();
        for (var i = 0; i < options.Identity.Issuers.Length; i++)
        {
            var issuer = options.Identity.Issuers[i];
            var pointer = YamlDocument.PathOf("identity", "issuers", $"{i}");
            if (!names.Add(issuer.Name))
                errors.Add(document.ErrorAt(pointer + "/name", $"a second issuer named '{issuer.Name}'"));
            if (!urls.Add(issuer.Issuer))
                errors.Add(document.ErrorAt(pointer + "/issuer", $"a second issuer with the URL {issuer.Issuer}"));
            if (issuer.Keys.AgeSecondsMax < issuer.Keys.RefreshSeconds)
                errors.Add(document.ErrorAt(pointer + "/keys/age-seconds-max", "keys would expire before they are refreshed: at least refresh-seconds"));
            if (issuer.JwksFile is not null && issuer.MetadataAddress is not null)
                errors.Add(document.ErrorAt(pointer + "/metadata-address", "keys come from jwks-file or by discovery, not both"));
            if (issuer.SessionLifetimeSeconds > issuer.SessionLifetimeSecondsMax)
                errors.Add(document.ErrorAt(pointer + "/session-lifetime-seconds", "sessions cannot live longer than session-lifetime-seconds-max"));
            if (issuer.RequireClientCertificate && options.Listeners.All(static listener => listener.Tls is not { AskForClientCertificate: true }))
                errors.Add(document.ErrorAt(
                    pointer + "/require-client-certificate", "no listener asks for a certificate: write ask-for-client-certificate: true under its tls"));
            FileExists(pointer + "/ca-file", issuer.CaFile);
            if (issuer.JwksFile is not null)
                FileExists(pointer + "/jwks-file", issuer.JwksFile);
            else
                Discovery(pointer, issuer);
        }
    }

    private void Discovery(string pointer, IssuerOptions issuer)
    {
        var where = pointer + (issuer.MetadataAddress is null ? "/issuer" : "/metadata-address");
        var address = issuer.MetadataAddress ?? issuer.Issuer;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            errors.Add(document.ErrorAt(where, "discovery needs an https URL; for an issuer that is no URL give jwks-file or metadata-address"));
        else if (url.Scheme is "http" && !(url.IsLoopback && issuer.IAcceptHttpOnLoopback))
            errors.Add(document.ErrorAt(where, "keys are fetched over https only (http from this machine itself needs i-accept-http-on-loopback: true)"));
    }

    private void Credential(string pointer, CredentialOptions? credential, TargetOptions? target = null)
    {
        FileExists(pointer + "/command/run/0", credential?.Command?.Run[0]);
        if (credential?.Command is { Run: [var program, ..] } && File.Exists(program) && !OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(program) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0)
            errors.Add(document.ErrorAt(pointer + "/command/run/0", $"{program} is not executable"));
        if (credential?.RdsIam is { } rds && target is not null)
        {
            if (RdsRegion.Of(rds, target.Address) is null)
                errors.Add(document.ErrorAt(pointer + "/rds-iam", $"the name of {rds.Endpoint ?? target.Address} does not say its region: write region, or endpoint"));
            if (target.Tls.Mode is TargetTlsMode.Disable)
                errors.Add(document.ErrorAt(pointer + "/rds-iam", "RDS takes tokens inside TLS only"));
        }
        FileExists(pointer + "/file", credential?.File);
        if (credential?.EnvironmentVariable is { } variable && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
            errors.Add(document.ErrorAt(pointer + "/environment-variable", $"environment variable {variable} is not set"));
    }

    private void FileExists(string pointer, string? path)
    {
        if (path is not null && !File.Exists(path))
            errors.Add(document.ErrorAt(pointer, $"there is no file {path}"));
    }
}
